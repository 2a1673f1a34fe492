import type { LayerGraph, TensorRef } from '../../../src/core/graph/layerGraph';
import { weightsOnlyGraph, type NamedWeight } from '../../../src/formats/weightsOnly';
import { GraphBuilder } from '../../unit/support/graphs';

/** Graphs to look at: the shapes of well-known networks with few channels. */

/** ResNet's: a stem, stages of residual blocks with batch normalization, a classifier. */
export function residualNet(stages: readonly number[] = [2, 2, 2], classes = 10): LayerGraph {
  const build = new GraphBuilder('resnet_small');
  const convolution = (x: TensorRef, name: string, filters: number, size: number, strides: number) =>
    build.add(
      {
        kind: 'Conv2D',
        name,
        config: { filters, kernel_size: size, strides, padding: 'same', use_bias: false },
      },
      x,
    );
  const normalize = (x: TensorRef, name: string) => build.add({ kind: 'BatchNormalization', name }, x);
  const activate = (x: TensorRef, name: string) =>
    build.add({ kind: 'Activation', name, config: { activation: 'relu' } }, x);

  let x = build.input([null, 64, 64, 3], 'images');
  x = activate(normalize(convolution(x, 'conv1_conv', 16, 3, 1), 'conv1_bn'), 'conv1_relu');
  stages.forEach((blocks, stage) => {
    for (let block = 0; block < blocks; block++) {
      const name = `conv${stage + 2}_block${block + 1}`;
      const filters = 16 << stage;
      const strides = stage > 0 && block === 0 ? 2 : 1;
      const shortcut =
        block === 0 ? normalize(convolution(x, `${name}_0_conv`, filters, 1, strides), `${name}_0_bn`) : x;
      let y = activate(
        normalize(convolution(x, `${name}_1_conv`, filters, 3, strides), `${name}_1_bn`),
        `${name}_1_relu`,
      );
      y = normalize(convolution(y, `${name}_2_conv`, filters, 3, 1), `${name}_2_bn`);
      x = activate(build.add({ kind: 'Add', name: `${name}_add` }, shortcut, y), `${name}_out`);
    }
  });
  x = build.add({ kind: 'GlobalAveragePooling2D', name: 'avg_pool' }, x);
  return build.outputs(
    build.add({ kind: 'Dense', name: 'predictions', config: { units: classes, activation: 'softmax' } }, x),
  );
}

/** Inception's: towers of different length that meet in a concatenation. */
export function inceptionNet(modules = 3): LayerGraph {
  const build = new GraphBuilder('inception_small');
  const convolution = (x: TensorRef, name: string, filters: number, size: number) => {
    const config = { filters, kernel_size: size, padding: 'same', use_bias: false };
    const y = build.add({ kind: 'Conv2D', name, config }, x);
    return build.add({ kind: 'ReLU', name: `${name}_relu` }, y);
  };
  let x = build.input([null, 32, 32, 3], 'images');
  for (let module = 0; module < modules; module++) {
    const name = (tower: string) => `mixed${module}_${tower}`;
    const one = convolution(x, name('1x1'), 16, 1);
    const five = convolution(convolution(x, name('5x5_reduce'), 8, 1), name('5x5'), 16, 5);
    const three = [name('3x3_reduce'), name('3x3a'), name('3x3b')].reduce(
      (y, step, place) => convolution(y, step, 16, place === 0 ? 1 : 3),
      x,
    );
    const pool = build.add(
      {
        kind: 'AveragePooling2D',
        name: name('pool'),
        config: { pool_size: 3, strides: 1, padding: 'same' },
      },
      x,
    );
    const pooled = convolution(pool, name('pool_proj'), 8, 1);
    x = build.add({ kind: 'Concatenate', name: `mixed${module}` }, one, five, three, pooled);
  }
  x = build.add({ kind: 'GlobalMaxPooling2D', name: 'pool' }, x);
  return build.outputs(
    build.add({ kind: 'Dense', name: 'logits', config: { units: 8, activation: 'softmax' } }, x),
  );
}

/** An encoder and a decoder with a skip at every level. */
export function uNet(levels = 4): LayerGraph {
  const build = new GraphBuilder('u_net');
  const twice = (x: TensorRef, filters: number) => {
    const config = { filters, kernel_size: 3, padding: 'same', activation: 'relu' };
    return build.add({ kind: 'Conv2D', config }, build.add({ kind: 'Conv2D', config }, x));
  };
  let x = build.input([null, 128, 128, 3], 'images');
  const skips: TensorRef[] = [];
  for (let level = 0; level < levels; level++) {
    x = twice(x, 8 << level);
    skips.push(x);
    x = build.add('MaxPooling2D', x);
  }
  x = twice(x, 8 << levels);
  skips.reverse().forEach((skip, level) => {
    const filters = 8 << (levels - 1 - level);
    x = build.add({ kind: 'Conv2DTranspose', config: { filters, kernel_size: 2, strides: 2 } }, x);
    x = twice(build.add('Concatenate', x, skip), filters);
  });
  return build.outputs(
    build.add({ kind: 'Conv2D', name: 'mask', config: { filters: 1, kernel_size: 1 } }, x),
  );
}

/** At least so many layers, in residual blocks of five. */
export function longNet(layers: number): LayerGraph {
  const build = new GraphBuilder('long');
  let x = build.input([null, 16, 16, 8], 'images');
  for (let block = 0; 1 + block * 5 < layers; block++) {
    const config = { filters: 8, kernel_size: 3, padding: 'same' };
    let y = build.add({ kind: 'Conv2D', name: `block${block}_conv`, config }, x);
    y = build.add({ kind: 'BatchNormalization', name: `block${block}_bn` }, y);
    y = build.add({ kind: 'ReLU', name: `block${block}_relu` }, y);
    y = build.add({ kind: 'Dropout', name: `block${block}_drop`, config: { rate: 0.1 } }, y);
    x = build.add({ kind: 'Add', name: `block${block}_add` }, x, y);
  }
  return build.outputs(x);
}

/**
 * At least so many layers in fifty cells of residual blocks, no two of them equal: kernels, channels and what stands in
 * the middle change without a period, so nothing is drawn once for many, and fifty boxes are in sight.
 */
export function variedNet(layers: number): LayerGraph {
  const build = new GraphBuilder('varied');
  let x = build.input([null, 64, 64, 4], 'images');
  const blocks = Math.ceil((layers - 1) / VARIED_BLOCK);
  for (let block = 0; block < blocks; block++) {
    const name = `cell${Math.floor((block * VARIED_CELLS) / blocks)}_unit${block}`;
    const filters = 4 + ((block * block) % 7);
    const convolution = (own: string, size: number) =>
      build.add(
        {
          kind: 'Conv2D',
          name: `${name}_${own}`,
          config: { filters, kernel_size: size, padding: 'same' },
        },
        x,
      );
    const shortcut = convolution('shortcut', 1);
    const normalized = build.add(
      { kind: 'BatchNormalization', name: `${name}_bn` },
      convolution('conv', 1 + 2 * ((block >> 2) % 4)),
    );
    const middle = (block * block) % 3 === 0 ? 'ReLU' : 'GaussianNoise';
    const config = middle === 'ReLU' ? undefined : { stddev: 0.1 };
    const y = build.add({ kind: middle, name: `${name}_mid`, ...(config && { config }) }, normalized);
    x = build.add({ kind: 'Add', name: `${name}_add` }, shortcut, y);
  }
  return build.outputs(x);
}

/** Layers of one of its blocks. */
const VARIED_BLOCK = 5;
const VARIED_CELLS = 50;

/** A state dict as PyTorch keeps ResNet's: modules by their paths, nothing joined. */
export function stateDict(stages: readonly number[] = [3, 4, 6, 3]): LayerGraph {
  const weights = (path: string, own: Readonly<Record<string, readonly number[]>>): NamedWeight[] =>
    Object.entries(own).map(([name, shape]) => ({
      path: `${path}.${name}`,
      shape,
      dtype: 'float32',
      source: { from: 'ranges', ranges: [] },
    }));
  const convolution = (path: string, inputs: number, filters: number, size: number) =>
    weights(path, { weight: [filters, inputs, size, size] });
  const normalization = (path: string, channels: number) =>
    weights(path, {
      weight: [channels],
      bias: [channels],
      running_mean: [channels],
      running_var: [channels],
    });
  const blocks = stages.flatMap((count, stage) =>
    Array.from({ length: count }, (_, block) => {
      const path = `layer${stage + 1}.${block}`;
      const width = 64 << stage;
      return [
        ...convolution(`${path}.conv1`, width, width, 1),
        ...normalization(`${path}.bn1`, width),
        ...convolution(`${path}.conv2`, width, width, 3),
        ...normalization(`${path}.bn2`, width),
        ...convolution(`${path}.conv3`, width, 4 * width, 1),
        ...normalization(`${path}.bn3`, 4 * width),
      ];
    }).flat(),
  );
  return weightsOnlyGraph(
    'resnet50',
    [
      ...convolution('conv1', 3, 64, 7),
      ...normalization('bn1', 64),
      ...blocks,
      ...weights('fc', { weight: [1000, 2048], bias: [1000] }),
    ],
    '.',
  );
}
