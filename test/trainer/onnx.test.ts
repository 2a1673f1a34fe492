import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import { readRun } from '../../src/runs/runReader';
import { repository } from '../support/python';
import { carryOut, openWorkspace } from './workspace';

/** Every number of a model's weights, by `layer/weight`. */
async function numbersOf(file: string): Promise<ReadonlyMap<string, readonly number[]>> {
  const { graph } = await openModel(file);
  const reader = openWeights();
  const numbers = new Map<string, readonly number[]>();
  for (const layer of graph.layers)
    for (const weight of layer.weights)
      numbers.set(`${layer.name}/${weight.name}`, Array.from(await reader.read(weight)));
  await reader.close();
  return numbers;
}

describe('a net that PyTorch exported', () => {
  it('is cut, gets a new head and trains: the head moves, what is frozen does not', async () => {
    const space = await openWorkspace();
    await copyFile(path.join(repository, 'test/fixtures/onnx/cnn.onnx'), space.at('cnn.onnx'));
    const { graph, report } = await openModel(space.at('cnn.onnx'));
    expect(report).toEqual([]);
    const features = graph.layers.find(({ kind }) => kind === 'Flatten')!.name;
    await writeFile(
      space.at('head.surgery.json'),
      JSON.stringify({
        version: 1,
        operations: [
          { op: 'cut', after: features },
          {
            op: 'append',
            after: features,
            layers: [{ kind: 'Dense', name: 'head', config: { units: 2, activation: 'softmax' } }],
          },
        ],
        freeze: [{ match: { upTo: features } }],
      }),
    );
    const plan = await space.plan({ model: 'cnn.onnx', recipe: 'head.surgery.json', engine: 'wasm' });
    const heard = await carryOut({ type: 'train', plan });
    expect(heard.failed).toBeUndefined();

    const { events, status } = await readRun(heard.folder ?? '');
    expect(status).toBe('finished');
    const losses = events.flatMap((event) => (event.type === 'epoch' ? [event.metrics.loss ?? NaN] : []));
    expect(losses).toHaveLength(2);
    expect(losses[1]).toBeLessThan(losses[0]!);

    const before = await numbersOf(space.at('cnn.onnx'));
    const after = await numbersOf(path.join(heard.folder ?? '', 'model', 'model.h5'));
    const kept = [...after.keys()].filter((name) => before.has(name));
    expect(kept).toHaveLength(7);
    for (const name of kept) expect(after.get(name), name).toEqual(before.get(name));
    expect([...after.keys()].filter((name) => !before.has(name)).sort()).toEqual([
      'head/bias',
      'head/kernel',
    ]);
  });
});
