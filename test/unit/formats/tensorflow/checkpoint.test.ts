import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openModel } from '../../../../src/formats/registry';
import { openWeights } from '../../../../src/formats/weights';
import { failureOf, fixture, readAllWeights, readJson, temporaryFolder } from '../fixtures';

type Contents = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>
>;

const PARTS = ['name-based.index', 'name-based.data-00000-of-00001'];

/** A copy of the checkpoint of TensorFlow 1 that may be spoiled. */
async function copy(): Promise<{ index: string; data: string }> {
  const folder = await temporaryFolder();
  for (const part of PARTS) await cp(fixture(`tensorflow/${part}`), path.join(folder, part));
  return { index: path.join(folder, PARTS[0]!), data: path.join(folder, PARTS[1]!) };
}

describe('a checkpoint', () => {
  test.each(['name-based', 'object-based'])('%s: every variable has its numbers', async (name) => {
    const expected = (await readJson<Record<string, Contents>>('tensorflow/checkpoints.json'))[name]!;
    const model = await openModel(fixture(`tensorflow/${name}.index`));
    expect(model).toMatchObject({ format: 'checkpoint', weightsOnly: true });
    const reader = openWeights();
    const found: string[] = [];
    for (const { weights } of model.graph.layers) {
      for (const weight of weights) {
        const values = await reader.read(weight);
        found.push(`${weight.shape.join()}: ${[...values].map((value) => value.toFixed(5)).join()}`);
      }
    }
    await reader.close();
    const wanted = Object.values(expected).map(
      ({ shape, data }) => `${shape.join()}: ${data.map((value) => Math.fround(value).toFixed(5)).join()}`,
    );
    expect(found.toSorted()).toEqual(wanted.toSorted());
  });

  test('variables are gathered by scope, and what is an optimizer’s stands apart', async () => {
    const { graph } = await openModel(fixture('tensorflow/name-based.index'));
    const shown = graph.layers.map(
      ({ name, kind, group, weights, trainable }) =>
        `${name} ${kind} in ${group.join('/')}${trainable ? '' : ' frozen'}: ${weights.map((weight) => weight.name).join()}`,
    );
    expect(shown).toMatchInlineSnapshot(`
      [
        "optimizer/beta1_power Weights in optimizer frozen: beta1_power",
        "optimizer/beta2_power Weights in optimizer frozen: beta2_power",
        "optimizer/global_step Weights in optimizer frozen: global_step",
        "net/bn BatchNormalization in net: beta,gamma,moving_mean,moving_variance",
        "net Weights in : columns,count,half,rows",
        "net/conv Conv2D in net: bias,kernel",
        "optimizer/net/conv/biases Weights in optimizer/net/conv frozen: Adam,Adam_1",
        "optimizer/net/conv/weights Weights in optimizer/net/conv frozen: Adam,Adam_1",
      ]
    `);
  });

  test('an object-based one names variables as their layers do', async () => {
    const { graph } = await openModel(fixture('tensorflow/object-based.index'));
    const shown = graph.layers.map(
      ({ name, kind, weights }) => `${name} ${kind}: ${weights.map((weight) => weight.name).join()}`,
    );
    expect(shown).toMatchInlineSnapshot(`
      [
        "sequential/bn BatchNormalization: moving_mean,moving_variance,gamma,beta",
        "optimizer/adam Weights: iteration,learning_rate,sequential_dense_kernel_momentum,sequential_dense_kernel_velocity,sequential_dense_bias_momentum,sequential_dense_bias_velocity,sequential_conv_kernel_momentum,sequential_conv_kernel_velocity,sequential_conv_bias_momentum,sequential_conv_bias_velocity,sequential_bn_gamma_momentum,sequential_bn_gamma_velocity,sequential_bn_beta_momentum,sequential_bn_beta_velocity",
        "sequential/conv Conv2D: kernel,bias",
        "sequential/dense Dense: kernel,bias",
      ]
    `);
  });

  test.each(['name-based', 'name-based.index', 'name-based.data-00000-of-00001'])(
    'is opened as %s',
    async (name) => {
      expect(await openModel(fixture(`tensorflow/${name}`))).toMatchObject({ format: 'checkpoint' });
    },
  );

  test('is opened by its folder, which may say which one is the newest', async () => {
    const { index } = await copy();
    const folder = path.dirname(index);
    expect(await openModel(folder)).toMatchObject({ format: 'checkpoint', path: index });
    await cp(index, path.join(folder, 'other.index'));
    expect(await failureOf(openModel(folder))).toMatchObject({ code: 'NOT_A_MODEL' });
    await writeFile(path.join(folder, 'checkpoint'), 'model_checkpoint_path: "/elsewhere/name-based"\n');
    expect(await openModel(folder)).toMatchObject({ path: index });
  });

  test.each([0, 7, 47, 48, 400, 886])('cut to %i bytes', async (length) => {
    const { index } = await copy();
    await writeFile(index, (await readFile(index)).subarray(0, length));
    expect(await failureOf(openModel(index))).toMatchObject({ kind: 'input', code: 'BUNDLE_CORRUPT' });
  });

  test('with a byte changed', async () => {
    const { index } = await copy();
    const bytes = await readFile(index);
    bytes[100]! ^= 1;
    await writeFile(index, bytes);
    const failure = await failureOf(openModel(index));
    expect(failure).toMatchObject({ kind: 'input', code: 'BUNDLE_CORRUPT', path: index });
    expect(failure.message).toBe(
      `${index}: byte 0 of the index: found a block whose checksum is another, expected the one it was written with; copy it again`,
    );
  });

  test('whose numbers are cut short', async () => {
    const { index, data } = await copy();
    await writeFile(data, (await readFile(data)).subarray(0, 500));
    expect(await failureOf(openModel(index))).toMatchObject({
      kind: 'input',
      code: 'SHARD_SHORT',
      path: data,
    });
  });

  test('without its numbers', async () => {
    const { index } = await copy();
    const alone = path.join(path.dirname(index), 'alone.index');
    await cp(index, alone);
    expect(await failureOf(openModel(alone))).toMatchObject({ kind: 'input', code: 'SHARD_MISSING' });
  });

  test('numbers are read when asked for', async () => {
    const model = await openModel(fixture('tensorflow/object-based.index'));
    expect((await readAllWeights(model)).get('sequential/conv/kernel')).toHaveLength(54);
  });
});
