import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parameterCount } from '../../src/core/graph/layerGraph';
import { readNpy } from '../../src/data/npy';
import { openModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import { openEngine } from '../../src/trainer/engines/engine';
import { Executor } from '../../src/trainer/executor';
import { largestDifference } from '../support/largestDifference';
import { repository, runPython } from '../support/python';
import table from './architectures.json';

const FOLDER = path.join(repository, '.cache/parity/architectures');

interface Row {
  readonly case: string;
  /** Of the input, in pixels. */
  readonly size: number;
  /** With the classification head. */
  readonly top?: boolean;
  readonly formats: readonly string[];
  /** The largest difference, as a share of the largest number that Keras puts out. */
  readonly tolerance: number;
  /** Why it is above 1e-4. */
  readonly reason?: string;
}

const rows: readonly Row[] = table;

/** Models of keras.applications with random weights and statistics, as Keras saves them and computes with them. */
describe('architectures of keras.applications', () => {
  beforeAll(async () => {
    await openEngine('wasm');
    await runPython(path.join(repository, 'test/parity/architectures.py'), [
      path.join(repository, 'test/parity/architectures.json'),
      FOLDER,
    ]);
  });

  test('are twenty at least, and a wider tolerance has its reason', () => {
    const inBoth = rows.filter(({ formats }) => formats.includes('h5') && formats.includes('keras'));
    expect(new Set(inBoth.map((row) => row.case)).size).toBeGreaterThanOrEqual(20);
    expect(rows.filter(({ tolerance, reason }) => tolerance > 1e-4 && reason === undefined)).toEqual([]);
  });

  test.each(rows.flatMap((row) => row.formats.map((format) => [`${row.case}.${format}`, row] as const)))(
    '%s',
    async (file, row) => {
      const at = (name: string) => path.join(FOLDER, name);
      const { parameters } = JSON.parse(await readFile(at(`${row.case}.json`), 'utf8')) as {
        readonly parameters: number;
      };
      const model = await openModel(at(file));
      expect(model.report).toEqual([]);
      expect(model.graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0)).toBe(parameters);

      const weights = openWeights();
      const executor = await Executor.create(model.graph, (_layer, weight) => weights.read(weight));
      await weights.close();
      try {
        const input = await readNpy(at(`${row.case}.x.npy`));
        const expected = await readNpy(at(`${row.case}.y.npy`));
        const [output] = await executor.predict([
          { shape: input.shape, data: Float32Array.from(input.values) },
        ]);
        expect(output?.shape).toEqual(expected.shape);
        expect(largestDifference(output?.data ?? [], expected.values)).toBeLessThan(row.tolerance);
      } finally {
        executor.dispose();
      }
    },
  );
});
