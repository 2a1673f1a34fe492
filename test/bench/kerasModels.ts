import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { sizeOf, type LayerGraph } from '../../src/core/graph/layerGraph';
import { inferShapes } from '../../src/core/graph/infer';
import { specsOf } from '../../src/formats/keras/attachWeights';
import { readKerasGraph } from '../../src/formats/keras/readGraph';
import { writeModel } from '../../src/formats/registry';

/** Models as large as the largest that people open, made where benches run; their numbers are all nought. */

type Config = Readonly<Record<string, unknown>>;

const FOLDER = path.resolve('.cache/bench/models');
const RESNET101_BLOCKS = [3, 4, 23, 3];
const RESNET152_BLOCKS = [3, 8, 36, 3];

/** A functional model's configuration, put together layer by layer. */
function functional(name: string, shape: readonly (number | null)[]) {
  const layers: unknown[] = [];
  const add = (kind: string, config: Config, ...inputs: readonly string[]): string => {
    const own = `${kind.toLowerCase()}_${layers.length}`;
    const nodes = inputs.length === 0 ? [] : [inputs.map((input) => [input, 0, 0, {}])];
    layers.push({ class_name: kind, name: own, config: { name: own, ...config }, inbound_nodes: nodes });
    return own;
  };
  const input = add('InputLayer', { batch_shape: shape });
  const finish = (output: string): LayerGraph => {
    const config = { name, layers, input_layers: [[input, 0, 0]], output_layers: [[output, 0, 0]] };
    return withZeros(readKerasGraph({ class_name: 'Functional', config }).graph);
  };
  return { add, input, finish };
}

function withZeros(graph: LayerGraph): LayerGraph {
  const inference = inferShapes(graph);
  const layers = graph.layers.map((layer) => ({
    ...layer,
    weights: (specsOf(layer, inference) ?? []).map(({ name, shape, role, initializer }) => {
      const source = { from: 'initializer', initializer, seed: 0 } as const;
      return { name, shape, role, dtype: 'float32', source } as const;
    }),
  }));
  return { ...graph, layers };
}

async function save(graph: LayerGraph, name: string, format: 'h5' | 'keras'): Promise<string> {
  const target = path.join(FOLDER, name);
  if (existsSync(target)) return target;
  await mkdir(FOLDER, { recursive: true });
  const weights = (_: string, { shape }: { readonly shape: readonly number[] }) =>
    Promise.resolve(new Float32Array(sizeOf(shape)));
  await writeModel({ graph, weights }, target, format);
  return target;
}

/** Ten thousand layers in a hundred strands. */
export function tenThousandLayers(): Promise<string> {
  const model = functional('strands', [null, 4]);
  const ends = Array.from({ length: 100 }, () => {
    let end = model.input;
    for (let step = 0; step < 50; step++) end = model.add('ReLU', {}, model.add('Dense', { units: 4 }, end));
    return end;
  });
  return save(model.finish(model.add('Add', {}, ...ends)), 'strands.keras', 'keras');
}

/** The layers and weights of ResNet101: some 340 layers. */
export function resNet101(): Promise<string> {
  return resNet('resnet101', RESNET101_BLOCKS);
}

/** The layers and weights of ResNet152. */
export function resNet152(): Promise<string> {
  return resNet('resnet152', RESNET152_BLOCKS);
}

function resNet(name: string, stages: readonly number[]): Promise<string> {
  const model = functional(name, [null, 224, 224, 3]);
  const convolve = (input: string, filters: number, size: number, strides = 1) =>
    model.add(
      'BatchNormalization',
      {},
      model.add('Conv2D', { filters, kernel_size: size, strides, padding: 'same' }, input),
    );
  let end = model.add('MaxPooling2D', {}, convolve(model.input, 64, 7, 2));
  for (const [stage, blocks] of stages.entries()) {
    const width = 64 * 2 ** stage;
    for (let block = 0; block < blocks; block++) {
      const strides = block === 0 && stage > 0 ? 2 : 1;
      const shortcut = block === 0 ? convolve(end, 4 * width, 1, strides) : end;
      const reduced = model.add('ReLU', {}, convolve(end, width, 1, strides));
      const seen = model.add('ReLU', {}, convolve(reduced, width, 3));
      end = model.add('ReLU', {}, model.add('Add', {}, shortcut, convolve(seen, 4 * width, 1)));
    }
  }
  const pooled = model.add('GlobalAveragePooling2D', {}, end);
  return save(model.finish(model.add('Dense', { units: 1000 }, pooled)), `${name}.h5`, 'h5');
}

/** Sixteen wide layers; `width` 4096 makes a gigabyte. */
export function wideLayers(width: number): Promise<string> {
  const model = functional('wide', [null, width]);
  let end = model.input;
  for (let layer = 0; layer < 16; layer++) end = model.add('Dense', { units: width }, end);
  return save(model.finish(end), `wide-${width}.h5`, 'h5');
}
