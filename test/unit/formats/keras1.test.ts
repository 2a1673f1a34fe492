import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { currentModel } from '../../../src/formats/keras/keras1/model';
import { readKerasGraph } from '../../../src/formats/keras/readGraph';
import { openModel, writeModel } from '../../../src/formats/registry';
import { openEngine } from '../../../src/trainer/engines/engine';
import { expectAnswers } from '../../support/answers';
import { editH5 } from '../../support/editH5';
import { failureOf, fixture, graphText, temporaryFolder, toWrite } from './fixtures';

beforeAll(async () => void (await openEngine('cpu')));

const NAMES = [
  'image_theano',
  'image_tensorflow',
  'merges',
  'branches',
  'sequences',
  'cudnn',
  'theano2',
] as const;

describe('a file of an older Keras answers as the same network of Keras 3', () => {
  test.each(NAMES)('%s', async (name) => {
    const model = await openModel(fixture(`keras1/${name}.h5`));
    expect(model.report.filter(({ code }) => code !== 'KERNELS_TURNED')).toEqual([]);
    await expectAnswers(model, fixture(`keras1/${name}.json`));
  });

  test.each(NAMES)('%s, written again', async (name) => {
    const model = await openModel(fixture(`keras1/${name}.h5`));
    const target = path.join(await temporaryFolder(), 'again.h5');
    await writeModel(await toWrite(model), target, 'h5');
    await expectAnswers(await openModel(target), fixture(`keras1/${name}.json`));
  });
});

test('kernels that are taken for Theano’s by names alone are said to be', async () => {
  const guessed = await openModel(fixture('keras1/image_theano.h5'));
  expect(guessed.report).toMatchObject([{ severity: 'warning', code: 'KERNELS_TURNED' }]);
  expect(guessed.report[0]!.message).toContain('the kernels of convolution2d_1 are turned by half');
  for (const name of ['theano2', 'image_tensorflow', 'branches']) {
    expect((await openModel(fixture(`keras1/${name}.h5`))).report).toEqual([]);
  }
});

test('a Deconvolution2D whose size is not what its strides give is opaque', async () => {
  const file = path.join(await temporaryFolder(), 'model.h5');
  await copyFile(fixture('keras1/image_tensorflow.h5'), file);
  await editH5(file, (h5) => {
    const config = String(h5.attrs.model_config!.value);
    h5.delete_attribute('model_config');
    h5.create_attribute('model_config', config.replace('[null, 15, 15, 2]', '[8, 16, 15, 2]'));
  });
  const model = await openModel(file);
  expect(model.report).toMatchObject([{ code: 'LAYER_CONFIG_REFUSED', layer: 'up' }]);
  expect(model.graph.layers.find(({ name }) => name === 'up')?.opaque).toBe(
    'its output_shape is (8, 16, 15, 2), its kernel and strides give (None, 15, 15, 2)',
  );
});

test('two merged branches become a functional model', async () => {
  const text = graphText(await openModel(fixture('keras1/branches.h5')));
  expect(text).toContain('merge_1: Concatenate(dense_1, dense_2) → (None, 4)');
  expect(text).toContain('dense_3: Dense(merge_1) → (None, 4), 20 params, in sequential_3');
});

describe('what cannot be converted is opaque, with the reason', () => {
  const layer = (class_name: string, name: string, inputs: string[], config: object = {}) => ({
    class_name,
    name,
    config: { name, ...config },
    inbound_nodes: inputs.length === 0 ? [] : [inputs.map((input) => [input, 0, 0])],
  });
  const read = (...listed: ReturnType<typeof layer>[]) =>
    readKerasGraph(
      currentModel(
        {
          class_name: 'Model',
          config: {
            layers: [layer('InputLayer', 'x', [], { batch_input_shape: [null, 4] }), ...listed],
            input_layers: [['x', 0, 0]],
            output_layers: [[listed.at(-1)!.name, 0, 0]],
          },
        },
        [],
      ),
    );

  test.each([
    ['a lambda', { mode: 'func', mode_type: 'lambda' }, 'its mode is code of Python'],
    ['a mode that nobody knows', { mode: 'xor' }, 'its mode "xor" is not known'],
  ])('Merge with %s', (_, config, reason) => {
    const { graph, report } = read(layer('Merge', 'm', ['x', 'x'], config));
    expect(graph.layers.at(-1)).toMatchObject({ name: 'm', kind: 'Merge' });
    expect(graph.layers.at(-1)!.opaque).toContain(reason);
    expect(report).toMatchObject([{ code: 'LAYER_KIND_UNKNOWN', layer: 'm' }]);
  });

  test.each(['MaxoutDense', 'Highway', 'Lambda', 'SReLU'])('%s', (kind) => {
    const { graph } = read(layer(kind, 'k', ['x'], { output_dim: 4 }));
    expect(graph.layers.at(-1)!.opaque).toContain(kind);
  });

  test('normalization by each sample', () => {
    const { graph } = read(layer('BatchNormalization', 'n', ['x'], { mode: 1, axis: -1 }));
    expect(graph.layers.at(-1)!.opaque).toContain('mode');
  });
});

test.each([
  [
    'no list of branches',
    { class_name: 'Sequential', config: [{ class_name: 'Merge', config: { mode: 'sum' } }] },
  ],
  [
    'a branch that is no layer',
    { class_name: 'Sequential', config: [{ class_name: 'Merge', config: { layers: [1] } }] },
  ],
  ['layers that are none', { class_name: 'Sequential', config: [7] }],
  ['no class', { config: [] }],
])('a configuration with %s is refused', (_, json) => {
  expect(() => currentModel(json, [])).toThrow(expect.objectContaining({ code: 'MODEL_CONFIG' }));
});

describe('a damaged file of Keras 1', () => {
  const edited = async (name: string, edit: Parameters<typeof editH5>[1]) => {
    const target = path.join(await temporaryFolder(), 'edited.h5');
    await copyFile(fixture(`keras1/${name}.h5`), target);
    await editH5(target, edit);
    return target;
  };

  test('with a weight too few', async () => {
    const file = await edited('sequences', (h5) => {
      const group = h5.get('model_weights/lstm_1') as { delete_attribute(name: string): unknown } & {
        create_attribute(name: string, value: unknown): void;
      };
      group.delete_attribute('weight_names');
      group.create_attribute('weight_names', ['lstm_1_0:0', 'lstm_1_1:0']);
    });
    expect(await failureOf(openModel(file))).toMatchObject({ code: 'WEIGHT_MISSING', layer: 'lstm_1' });
  });

  test('that is said to be of Keras 2', async () => {
    const file = await edited('image_tensorflow', (h5) => {
      h5.delete_attribute('keras_version');
      h5.create_attribute('keras_version', '2.0.0');
    });
    const model = await openModel(file).catch((cause: unknown) => cause);
    expect(model).not.toMatchObject({ report: [] });
  });
});
