import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { replay } from '../../src/core/surgery/replay';
import { openModel } from '../../src/formats/registry';
import type { NumberArray } from './computeLayer';
import { executorOf } from './sampleNet';

/** What make_tensorflow_backbones.py saves the same net as. */
export const BACKBONE_FORMS = ['saved-model', 'frozen.pb', 'graph-model'] as const;

/** Cuts a net of make_tensorflow_backbones.py at its features, and holds these to TensorFlow's numbers, twice over. */
export async function expectFeatures(folder: string, form: string): Promise<void> {
  const { image, features } = JSON.parse(
    await readFile(path.join(folder, 'answers.json'), 'utf8'),
  ) as Readonly<Record<'image' | 'features', NumberArray>>;
  const { graph, report } = await openModel(path.join(folder, form));
  expect(report).toEqual([]);
  const after = graph.layers.find(({ name }) => /(^|_)features$/.test(name))!.name;
  const cut = replay(graph, { version: 1, operations: [{ op: 'cut', after }], freeze: [] });
  expect(cut.faults).toEqual([]);
  const executor = await executorOf(cut.graph);
  try {
    for (let time = 0; time < 2; time++) {
      const [found] = await executor.predict([{ shape: image.shape, data: Float32Array.from(image.data) }]);
      expect(found?.shape).toEqual(features.shape);
      const gaps = features.data.map(
        (value, at) => Math.abs(value - found!.data[at]!) / Math.max(1, Math.abs(value)),
      );
      expect(Math.max(...gaps)).toBeLessThan(1e-4);
    }
  } finally {
    executor.dispose();
  }
}
