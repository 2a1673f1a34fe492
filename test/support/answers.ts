import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { parameterCount } from '../../src/core/graph/layerGraph';
import type { ModelFile } from '../../src/formats/format';
import { openWeights } from '../../src/formats/weights';
import { Executor } from '../../src/trainer/executor';
import type { NumberArray } from './computeLayer';

/** What Keras computes from a model and some inputs, as a script wrote it beside the model. */
interface Answers {
  readonly parameters: number;
  readonly inputs: readonly NumberArray[];
  readonly outputs: readonly NumberArray[];
}

/**
 * Holds a model to what Keras answers, on the engine that is open.
 * @param file of the answers
 * @param tolerance relative to the largest number of an output
 */
export async function expectAnswers(model: ModelFile, file: string, tolerance = 1e-5): Promise<void> {
  const { parameters, inputs, outputs } = JSON.parse(await readFile(file, 'utf8')) as Answers;
  const { layers } = model.graph;
  expect(layers.reduce((sum, layer) => sum + parameterCount(layer), 0)).toBe(parameters);
  const reader = openWeights();
  try {
    const executor = await Executor.create(model.graph, (_, weight) => reader.read(weight));
    const answers = await executor.predict(
      inputs.map(({ shape, data }) => ({ shape, data: Float32Array.from(data) })),
    );
    executor.dispose();
    expect(answers.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
    const gaps = outputs.map(({ data }, index) => {
      const scale = Math.max(1e-3, ...data.map(Math.abs));
      return Math.max(0, ...data.map((value, at) => Math.abs(value - answers[index]!.data[at]!) / scale));
    });
    for (const gap of gaps) expect(gap).toBeLessThanOrEqual(tolerance);
  } finally {
    await reader.close();
  }
}
