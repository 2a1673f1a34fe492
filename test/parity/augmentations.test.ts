import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kindNamed } from '../../src/core/layers/catalogue';
import { normalizeConfig } from '../../src/core/layers/config';
import { openModel, writeModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import { openEngine } from '../../src/trainer/engines/engine';
import { imageTransforms } from '../../src/trainer/layers/augmentation';
import { channelsLast } from '../../src/trainer/layers/layout';
import { computeLayer, largestGap, tensorOf, type NumberArray } from '../support/computeLayer';
import { repository, runPython } from '../support/python';
import { executorOf } from '../support/sampleNet';

/**
 * Image layers in training, against what real Keras makes of the same draws, and models of all of them
 * (augmentations.py, which has the table of cases).
 */

interface Case {
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly input: NumberArray;
  readonly drawn: unknown;
  readonly output: NumberArray;
}

interface Made {
  readonly cases: readonly Case[];
  readonly model: { readonly input: NumberArray; readonly output: NumberArray };
}

/** Shares of the largest number that a case may be off by. */
const TOLERANCE = 1e-5;
/** Pixels are moved to places that were themselves computed in single precision. */
const TOLERANCES: Readonly<Record<string, number>> = {
  RandomRotation: 1e-4,
  RandomElasticTransform: 1e-4,
  RandomPerspective: 1e-4,
};

const FORMATS = ['keras', 'h5'] as const;

describe('image layers', () => {
  let folder: string;
  let made: Made;

  beforeAll(async () => {
    await openEngine('wasm');
    folder = await mkdtemp(path.join(tmpdir(), 'model-surgery-augmentations-'));
    made = JSON.parse(await keras('make')) as Made;
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function keras(command: string): Promise<string> {
    const printed = await runPython(path.join(repository, 'test/parity/augmentations.py'), [command, folder]);
    return printed.trim().split('\n').at(-1)!;
  }

  it('make the same of the same draws', () => {
    const gaps = made.cases.map((one) => {
      const before = tf.memory().numTensors;
      const gap = tf.tidy(() => shareOff(transform(one), one.output));
      expect(tf.memory().numTensors).toBe(before);
      return { kind: one.kind, config: JSON.stringify(one.config), gap };
    });
    expect(gaps.filter(({ kind, gap }) => !(gap < (TOLERANCES[kind] ?? TOLERANCE)))).toEqual([]);
    const tried = new Set(gaps.map(({ kind }) => kind));
    // Those that are made of others only choose among them.
    const composite = ['RandomColorJitter', 'RandAugment', 'AugMix'];
    const missing = imageTransforms.filter(({ kind }) => !tried.has(kind) && !composite.includes(kind));
    expect(missing.map(({ kind }) => kind)).toEqual([]);
  });

  it('predict in a model of all of them, and written again in Keras too', async () => {
    const { input, output } = made.model;
    const { graph, report } = await openModel(path.join(folder, 'every.keras'));
    expect(report).toEqual([]);
    expect(graph.layers.filter(({ opaque }) => opaque !== undefined)).toEqual([]);
    const executor = await executorOf(graph);
    const [found] = await executor.predict([{ shape: input.shape, data: Float32Array.from(input.data) }]);
    executor.dispose();
    expect(found!.shape).toEqual(output.shape);
    expect(Math.max(...output.data.map((value, at) => Math.abs(value - found!.data[at]!)))).toBeLessThan(
      1e-2,
    );

    const reader = openWeights();
    try {
      const model = {
        graph,
        weights: (_: string, weight: Parameters<typeof reader.read>[0]) => reader.read(weight),
      };
      for (const format of FORMATS) await writeModel(model, path.join(folder, `again.${format}`), format);
    } finally {
      await reader.close();
    }
    await writeFile(path.join(folder, 'input.json'), JSON.stringify(nest(input)));
    const answers = JSON.parse(await keras('answer')) as Record<string, NumberArray>;
    for (const format of FORMATS) expect(answers[`again.${format}`]).toEqual(output);
  }, 120_000);
});

function transform({ kind, config, input, drawn }: Case): tf.Tensor {
  const found = imageTransforms.find((one) => one.kind === kind);
  if (!found) return computeLayer(kind, config, [tensorOf(input)], {}, 'training');
  const read = normalizeConfig(kindNamed(kind)!, config);
  const isFirst = read.data_format === 'channels_first';
  return channelsLast(tensorOf(input), isFirst ? 'channels_first' : 'channels_last', (x) => {
    const typed = (drawn as { noise?: number[] } | null)?.noise;
    const draws = typed ? { ...(drawn as object), noise: Float32Array.from(typed) } : drawn;
    return found.apply(x as tf.Tensor4D, draws, read);
  });
}

/** The largest gap as a share of the largest number. */
function shareOff(actual: tf.Tensor, expected: NumberArray): number {
  expect(actual.shape).toEqual(expected.shape);
  const scale = Math.max(1, ...expected.data.map(Math.abs));
  const scaled = expected.data.map((value) => value / scale);
  return largestGap(tf.div(actual, scale), { shape: expected.shape, data: scaled });
}

function nest({ shape, data }: NumberArray): unknown {
  return tf.tidy(() => tf.tensor([...data], [...shape]).arraySync());
}
