import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inferShapes } from '../../src/core/graph/infer';
import { parameterCount } from '../../src/core/graph/layerGraph';
import { openModel, writeModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import { openEngine } from '../../src/trainer/engines/engine';
import type { NumberArray } from '../support/computeLayer';
import { repository, runPython } from '../support/python';
import { executorOf } from '../support/sampleNet';
import table from './families.json';

interface Row {
  readonly case: string;
  readonly formats: readonly ('h5' | 'keras')[];
  /** The largest difference, as a share of the largest number that Keras puts out where that is above one. */
  readonly tolerance: number;
  /** Why it is above 1e-4. */
  readonly reason?: string;
}

interface Made {
  readonly parameters: number;
  readonly x: NumberArray;
  readonly y: NumberArray;
  readonly run: {
    readonly batches: readonly {
      readonly x: NumberArray;
      readonly y: readonly number[];
      readonly loss: number;
    }[];
    readonly weights: Readonly<Record<string, readonly NumberArray[]>>;
  };
}

const rows = table as readonly Row[];
const files = rows.flatMap((row, index) =>
  row.formats.map((format) => [`${row.case}.${format}`, format, index] as const),
);

const feed = ({ shape, data }: NumberArray) => ({ shape, data: Float32Array.from(data) });

/** A model of each family of layers that real Keras saved: opened, predicted with, written again, and trained. */
describe('families of layers', () => {
  let folder: string;
  let made: readonly Made[];

  beforeAll(async () => {
    await openEngine('wasm');
    folder = await mkdtemp(path.join(tmpdir(), 'model-surgery-families-'));
    made = JSON.parse(await keras('make')) as readonly Made[];
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function keras(command: string): Promise<string> {
    const printed = await runPython(path.join(repository, 'test/parity/families.py'), [command, folder]);
    return printed.trim().split('\n').at(-1)!;
  }

  it('have reasons for wide tolerances', () => {
    expect(rows.filter(({ tolerance, reason }) => tolerance > 1e-4 && reason === undefined)).toEqual([]);
  });

  it.each(files)('%s is computed as by Keras', async (file, format, index) => {
    const { parameters, x, y } = made[index]!;
    const { graph, report } = await openModel(path.join(folder, file));
    expect(report).toEqual([]);
    expect(inferShapes(graph).faults).toEqual([]);
    expect(graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0)).toBe(parameters);
    const executor = await executorOf(graph);
    const [output] = await executor.predict([feed(x)]);
    executor.dispose();
    expectAlike(output!, y, rows[index]!.tolerance);

    const reader = openWeights();
    try {
      const weights = (_: string, weight: Parameters<typeof reader.read>[0]) => reader.read(weight);
      await writeModel({ graph, weights }, path.join(folder, `again-${file}`), format);
    } finally {
      await reader.close();
    }
    expect((await openModel(path.join(folder, `again-${file}`))).report).toEqual([]);
  });

  it('written again, they answer Keras the same', async () => {
    const inputs = Object.fromEntries(files.map(([file, , index]) => [`again-${file}`, made[index]!.x]));
    await writeFile(path.join(folder, 'inputs.json'), JSON.stringify(inputs));
    const answers = JSON.parse(await keras('answer')) as Readonly<Record<string, NumberArray>>;
    expect(Object.keys(answers)).toHaveLength(files.length);
    for (const [file, , index] of files) expectAlike(answers[`again-${file}`]!, made[index]!.y, 1e-6);
  }, 120_000);

  /** A step of plain descent moves a weight by its gradient: weights that end alike had gradients alike. */
  it.each(rows.map((row, index) => [row.case, row.tolerance, index] as const))(
    '%s is trained as by Keras',
    async (name, tolerance, index) => {
      const { batches, weights } = made[index]!.run;
      const { graph } = await openModel(path.join(folder, `${name}.h5`));
      const executor = await executorOf(graph);
      executor.beginPhase({
        trainable: new Set(graph.layers.map(({ id }) => id)),
        optimizer: { kind: 'sgd', learningRate: 0.2, momentum: 0, nesterov: false },
        batchNorm: 'train',
        loss: 'sparseCategoricalCrossentropy',
        metrics: [],
        seed: 1,
      });
      for (const { x, y, loss } of batches) {
        const { samples, sums } = await executor.trainStep([feed(x)], Int32Array.from(y));
        expect(Math.abs(sums.loss! / samples - loss)).toBeLessThan(tolerance);
      }
      for (const layer of graph.layers) {
        expect(layer.weights).toHaveLength(weights[layer.name]?.length ?? 0);
        for (const [at, { name: weight, shape }] of layer.weights.entries()) {
          const data = await executor.weight(layer.name, weight);
          expectAlike({ shape, data }, weights[layer.name]![at]!, tolerance);
        }
      }
      executor.dispose();
    },
  );
});

function expectAlike(
  found: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  expected: NumberArray,
  tolerance: number,
): void {
  expect(found.shape).toEqual(expected.shape);
  const scale = Math.max(1, ...expected.data.map(Math.abs));
  const gap = Math.max(...expected.data.map((value, at) => Math.abs(value - found.data[at]!)));
  expect(gap / scale).toBeLessThan(tolerance);
}
