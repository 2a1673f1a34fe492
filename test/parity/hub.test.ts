import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Recipe } from '../../src/core/surgery/recipe';
import { replay } from '../../src/core/surgery/replay';
import { summarize } from '../../src/core/summary/summarize';
import { readNpy } from '../../src/data/npy';
import { openEngine } from '../../src/trainer/engines/engine';
import { hubModel } from '../../src/zoo/hub/hubModel';
import { moduleAt } from '../../src/zoo/hub/hubModule';
import { experimentRecipe } from '../support/experiments';
import { repository, runPython } from '../support/python';
import { executorOf } from '../support/sampleNet';

const INCEPTION = 'inception_v3_feature_vector';
const MOBILE = 'mobilenet_v2_feature_vector';
const FORMS = [INCEPTION, `${INCEPTION}_tfjs`, MOBILE, `${MOBILE}_tfjs`];

/** Float32 through a hundred layers, summed in another order. */
const TOLERANCE = 1e-4;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'model-surgery-'));
  await runPython(path.join(repository, 'test/parity/hub.py'), [folder]);
  await openEngine('wasm');
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const open = async (form: string) => hubModel(await moduleAt(path.join(folder, form)));

describe('a module that TensorFlow made', () => {
  it.each(FORMS)('%s gives what TensorFlow computes', async (form) => {
    const made = await open(form);
    expect(made.preprocess).toBe('unit');
    const [x, y] = await Promise.all(
      ['x', 'y'].map((name) => readNpy(path.join(folder, `${form}.${name}.npy`))),
    );
    const executor = await executorOf(made.model.graph);
    try {
      const [found] = await executor.predict([{ shape: x!.shape, data: Float32Array.from(x!.values) }]);
      expect(found?.shape).toEqual(y!.shape);
      expect(made.output).toEqual(y!.shape.slice(1));
      const gaps = Array.from(
        y!.values,
        (value, at) => Math.abs(value - found!.data[at]!) / Math.max(1, Math.abs(value)),
      );
      expect(Math.max(...gaps)).toBeLessThan(TOLERANCE);
      // What is all alike would be like anything.
      expect(new Set(y!.values).size).toBeGreaterThan(gaps.length / 4);
    } finally {
      executor.dispose();
    }
  });
});

describe("the third experiment's parameters", () => {
  const PREDICTIONS = 2048 * 100 + 100;

  /** The experiment's own recipe, of what its README says to put the module's own names into. */
  async function totalsOf(form: string) {
    const { model, end } = await open(form);
    const recipe = await experimentRecipe('3-inceptionv3', 'hub.surgery.json');
    const [append] = recipe.operations;
    if (append?.op !== 'append') throw new Error('the recipe appends a head');
    const own: Recipe = {
      ...recipe,
      operations: [{ ...append, after: end }],
      freeze: [{ match: { group: form } }],
    };
    const { graph, faults } = replay(model.graph, own);
    expect(faults).toEqual([]);
    const { totalParams, trainableParams, nonTrainableParams } = summarize(graph);
    return { totalParams, trainableParams, nonTrainableParams };
  }

  it('are those of Keras from a SavedModel', async () => {
    expect(await totalsOf(INCEPTION)).toEqual({
      totalParams: 22_007_684,
      trainableParams: 204_900,
      nonTrainableParams: 21_802_784,
    });
  });

  it('are fewer where a converter folded the normalizations: a bias for each three of their numbers', async () => {
    const folded = 21_802_784 - 2 * 17_216;
    expect(await totalsOf(`${INCEPTION}_tfjs`)).toEqual({
      totalParams: folded + PREDICTIONS,
      trainableParams: PREDICTIONS,
      nonTrainableParams: folded,
    });
  });
});
