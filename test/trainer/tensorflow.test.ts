import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeNpy } from '../../src/data/npy';
import { openModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import { readRun } from '../../src/runs/runReader';
import { repository } from '../support/python';
import { carryOut, openWorkspace, type Workspace } from './workspace';

const BACKBONES = path.join(repository, 'test/fixtures/tensorflow/backbones');

/** The same net of raw operations, by what it was saved as. */
const FORMS = ['saved-model', 'frozen.pb', 'graph-model'] as const;

const HEAD = { kind: 'Dense', name: 'head', config: { units: 3, activation: 'softmax' } };
const SAMPLES_A_CLASS = 8;

/** Images that are bright in one of three places. */
async function writeImages(space: Workspace): Promise<void> {
  const count = 3 * SAMPLES_A_CLASS;
  const images = Float32Array.from({ length: count * 64 }, (_, index) => {
    const [sample, row] = [Math.floor(index / 64), Math.floor((index % 64) / 8)];
    const bright = Math.floor((row * 3) / 8) === sample % 3;
    return (bright ? 0.8 : 0.1) + 0.02 * ((index * 7) % 5);
  });
  const labels = Float32Array.from({ length: count }, (_, sample) => sample % 3);
  await writeNpy(space.at('x.npy'), [count, 8, 8, 1], images);
  await writeNpy(space.at('y.npy'), [count], labels);
}

/** Every number of a model's weights and constants, as bytes, by the layer that has them. */
async function numbersOf(file: string): Promise<ReadonlyMap<string, string>> {
  const { graph, report } = await openModel(file);
  expect(report).toEqual([]);
  const reader = openWeights();
  const numbers = new Map<string, string>();
  for (const { name, weights } of graph.layers)
    for (const weight of weights) {
      const { buffer, byteOffset, byteLength } = await reader.read(weight);
      numbers.set(`${name}/${weight.name}`, Buffer.from(buffer, byteOffset, byteLength).toString('hex'));
    }
  await reader.close();
  return numbers;
}

/** Cuts a model at its features, grafts a head, and trains with what is before frozen. */
async function trainHead(space: Workspace, model: string, name: string) {
  const { graph, report } = await openModel(space.at(model));
  expect(report).toEqual([]);
  const features = graph.layers.find((layer) => /(^|_)features$/.test(layer.name))!.name;
  await writeFile(
    space.at('head.surgery.json'),
    JSON.stringify({
      version: 1,
      operations: [
        { op: 'cut', after: features },
        { op: 'append', after: features, layers: [{ ...HEAD, name }] },
      ],
      freeze: [{ match: { upTo: features } }],
    }),
  );
  const plan = await space.plan({
    model,
    recipe: 'head.surgery.json',
    data: { kind: 'arrays', x: 'x.npy', y: 'y.npy' },
    phases: [{ epochs: 6, optimizer: { kind: 'adam', learningRate: 0.05 } }],
    engine: 'wasm',
  });
  const heard = await carryOut({ type: 'train', plan });
  expect(heard.failed).toBeUndefined();
  const { events, status } = await readRun(heard.folder ?? '');
  expect(status).toBe('finished');
  const losses = events.flatMap((event) => (event.type === 'epoch' ? [event.metrics.loss ?? NaN] : []));
  expect(losses).toHaveLength(6);
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
  const codes = events.flatMap((event) => (event.type === 'warning' ? [event.code] : []));
  return { folder: heard.folder ?? '', codes, end: events.find((event) => event.type === 'end') };
}

describe.each(FORMS)('a net of raw operations that TensorFlow saved as %s', (form) => {
  it('is a backbone: its head is grafted and learns, it keeps every byte', async () => {
    const space = await openWorkspace();
    await cp(path.join(BACKBONES, form), space.at(form), { recursive: true });
    await writeImages(space);
    const before = await numbersOf(space.at(form));

    const { folder, codes, end } = await trainHead(space, form, 'head');
    // TensorFlow.js has no layers for its operations, Keras has operations for all of them.
    expect(codes).toEqual(['FORMAT_LAYER']);
    expect(end).toMatchObject({ model: ['model/model.h5'] });

    const result = path.join(folder, 'model/model.h5');
    const after = await numbersOf(result);
    const kept = [...after.keys()].filter((name) => before.has(name));
    expect(kept.map((name) => name.replace('StatefulPartitionedCall_', '')).sort()).toEqual([
      'Conv2D/bias',
      'Conv2D/kernel',
    ]);
    for (const name of kept) expect(after.get(name), name).toBe(before.get(name));
    expect([...after.keys()].filter((name) => !before.has(name)).sort()).toEqual([
      'head/bias',
      'head/kernel',
    ]);

    // What came out is opened, cut and trained again; its constants are where they were.
    await cp(result, space.at('again.h5'));
    await trainHead(space, 'again.h5', 'second');
    await expectConstants(space.at(form), space.at('again.h5'));
  });
});

/** The numbers that operations take: weights in TensorFlow's files, arrays beside operations in Keras's. */
async function expectConstants(original: string, written: string): Promise<void> {
  const held = await numbersOf(original);
  const arrays = (await openModel(written)).graph.layers.flatMap(({ kind, config }) => {
    if (kind !== 'Constant') return [];
    const { buffer } = Float32Array.from(config.value as readonly number[]);
    return [Buffer.from(buffer).toString('hex')];
  });
  const constants = [...held].filter(([name]) => name.endsWith('/value')).map(([, bytes]) => bytes);
  expect(constants).toHaveLength(3);
  for (const bytes of constants) expect(arrays).toContain(bytes);
}

describe('a net with an operation that Keras has not', () => {
  it('ends as safetensors', async () => {
    const space = await openWorkspace();
    await writeImages(space);
    const recipe = {
      version: 1,
      operations: [
        {
          op: 'insert',
          between: ['relu', 'pool'],
          layers: [{ kind: 'ResizeByEdges', name: 'resized', config: { height: 3, width: 3 } }],
        },
      ],
    };
    await writeFile(space.at('resize.surgery.json'), JSON.stringify(recipe));
    const plan = await space.plan({
      recipe: 'resize.surgery.json',
      phases: [{ epochs: 1, optimizer: { kind: 'sgd', learningRate: 0.01 } }],
    });
    const heard = await carryOut({ type: 'train', plan });
    expect(heard.failed).toBeUndefined();
    const folder = heard.folder ?? '';
    const { events } = await readRun(folder);
    expect(events.at(-1)).toMatchObject({ type: 'end', model: ['model/model.safetensors'] });
    const { graph, report } = await openModel(path.join(folder, 'model/model.safetensors'));
    expect(report).toEqual([]);
    expect(graph.layers.map(({ kind }) => kind)).toContain('ResizeByEdges');
    expect(await readFile(path.join(folder, 'log.txt'), 'utf8')).toContain('"resized" (ResizeByEdges)');
  });
});
