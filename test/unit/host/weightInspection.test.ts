import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import { Failure } from '../../../src/core/failure';
import { kindNamed } from '../../../src/core/layers/catalogue';
import { formOf } from '../../../src/core/layers/form';
import { joinSpreads, statisticsOf } from '../../../src/core/weights/statistics';
import { openModel } from '../../../src/formats/registry';
import { openWeights } from '../../../src/formats/weights';
import type { HostToEditor, LayerSpread } from '../../../src/protocol/editor';
import { InspectionHost } from '../../webview/support/inspectionHost';

let graph: LayerGraph;
beforeAll(async () => {
  ({ graph } = await openModel(path.resolve('samples/digits-0-4.h5')));
});

function host(of: LayerGraph = graph, before?: () => Promise<LayerGraph>) {
  const answers: HostToEditor[] = [];
  const inspection = new InspectionHost(
    () => of,
    (message) => answers.push(structuredClone(message)),
    before,
  );
  return { answers, inspection };
}

const layerOf = (kind: string) => graph.layers.find((layer) => layer.kind === kind)!;

async function numbersOf(layer: LayerGraph['layers'][number], role?: 'parameter') {
  const reader = openWeights();
  const found = [];
  for (const weight of layer.weights) {
    if (role === undefined || weight.role === role) {
      found.push([weight.name, statisticsOf(await reader.read(weight))] as const);
    }
  }
  await reader.close();
  return Object.fromEntries(found);
}

describe('looking into a layer', () => {
  test('tells the form first, then each weight as it is read', async () => {
    const layer = layerOf('BatchNormalization');
    const { answers, inspection } = host();
    await inspection.receive({ type: 'inspect', layer: layer.id, weights: true });
    const told = answers.map((answer) => (answer.type === 'inspection' ? answer.inspection : undefined));
    expect(told.map((one) => [Object.keys(one!.statistics).length, one!.done])).toEqual([
      [0, false],
      [1, false],
      [2, false],
      [3, false],
      [4, false],
      [4, true],
    ]);
    expect(told[0]!.form).toEqual(formOf(kindNamed('BatchNormalization')!));
    expect(told.at(-1)!.statistics).toEqual(await numbersOf(layer));
  });

  test('reads no weight that nobody asked for', async () => {
    const lost = {
      ...graph,
      layers: graph.layers.map((layer) => ({
        ...layer,
        weights: layer.weights.map((weight) => ({
          ...weight,
          source: { from: 'ranges' as const, ranges: [{ path: '/lost.bin', offset: 0, byteLength: 4 }] },
        })),
      })),
    };
    const { answers, inspection } = host(lost);
    const { id } = layerOf('Conv2D');
    await inspection.receive({ type: 'inspect', layer: id, weights: false });
    expect(answers).toMatchObject([{ inspection: { layer: id, statistics: {}, done: true } }]);
    expect(answers[0]).not.toHaveProperty('inspection.problem');
    await inspection.receive({ type: 'inspect', layer: id, weights: true });
    expect(answers.at(-1)).toMatchObject({ inspection: { done: true, statistics: {} } });
    expect(answers.at(-1)).toHaveProperty('inspection.problem');
  });

  test('ends when another layer is asked for', async () => {
    const [first, second] = [layerOf('BatchNormalization'), layerOf('Dense')];
    const { answers, inspection } = host();
    const ended = inspection.receive({ type: 'inspect', layer: first.id, weights: true });
    await Promise.all([ended, inspection.receive({ type: 'inspect', layer: second.id, weights: true })]);
    const done = answers.filter((answer) => answer.type === 'inspection' && answer.inspection.done);
    expect(done).toMatchObject([{ inspection: { layer: second.id } }]);
    expect(answers.at(-1)).toBe(done[0]);
  });

  test('pictures filters, a byte a number, in base64', async () => {
    const layer = layerOf('Conv2D');
    const [kernel] = layer.weights;
    const [height = 0, width = 0, channels = 0, filters = 0] = kernel!.shape;
    const { answers, inspection } = host();
    const asked = { type: 'filters', layer: layer.id, weight: kernel!.name } as const;
    await inspection.receive({ ...asked, channel: channels - 1 });
    await inspection.receive({ ...asked, weight: 'no such weight', channel: 0 });
    const [found, none] = answers.map((answer) => (answer.type === 'filters' ? answer.filters : undefined));
    expect(none).toBeNull();
    expect(found).toMatchObject({ height, width, filters, channels });
    for (const picture of found!.pictures) {
      expect(Buffer.from(picture, 'base64')).toHaveLength(height * width * (found!.colour ? 3 : 1));
    }
  });
});

describe('measuring the spreads', () => {
  test('tells all layers that have parameters, each as its numbers taken together', async () => {
    const { answers, inspection } = host();
    await inspection.receive({ type: 'measureSpreads', on: true });
    const told = answers.flatMap((answer) => (answer.type === 'spreads' ? [answer] : []));
    const spreads = Object.assign({}, ...told.map((one) => one.spreads)) as Record<string, unknown>;
    const weighted = graph.layers.filter(({ weights }) => weights.some(({ role }) => role === 'parameter'));
    expect(Object.keys(spreads).sort()).toEqual(weighted.map(({ id }) => id).sort());
    expect(told.at(-1)).toMatchObject({ measured: weighted.length, total: weighted.length, done: true });
    const layer = layerOf('BatchNormalization');
    expect(spreads[layer.id]).toEqual(joinSpreads(Object.values(await numbersOf(layer, 'parameter'))));
  });

  test('says nothing more once it is stopped', async () => {
    const { answers, inspection } = host();
    const measuring = inspection.receive({ type: 'measureSpreads', on: true });
    await inspection.receive({ type: 'measureSpreads', on: false });
    await measuring;
    expect(answers).toEqual([]);
  });
});

describe('how far weights have moved', () => {
  const spreadsIn = (answers: readonly HostToEditor[]) =>
    Object.assign(
      {},
      ...answers.map((answer) => (answer.type === 'spreads' ? answer.spreads : {})),
    ) as Readonly<Record<string, LayerSpread>>;

  test('is exactly none for what stayed, more for what did not, and not known of what is new', async () => {
    const [moved, added] = graph.layers.filter(({ kind }) => kind === 'Dense');
    const before: LayerGraph = {
      ...graph,
      layers: graph.layers
        .filter((layer) => layer !== added)
        .map((layer) => {
          if (layer !== moved) return layer;
          const initializer = { kind: 'GlorotUniform', config: {} } as const;
          const source = { from: 'initializer', initializer, seed: 7 } as const;
          return { ...layer, weights: layer.weights.map((weight) => ({ ...weight, source })) };
        }),
    };
    const { answers, inspection } = host(graph, () => Promise.resolve(before));
    await inspection.receive({ type: 'measureSpreads', on: true });
    const spreads = spreadsIn(answers);
    const stayed = graph.layers.filter((layer) => layer.kind === 'Conv2D');
    expect(stayed.length).toBeGreaterThan(1);
    for (const { id } of stayed) {
      expect(spreads[id]?.movement?.moved).toBe(0);
      expect(spreads[id]?.movement?.before).toBeGreaterThan(0);
    }
    expect(spreads[moved!.id]?.movement?.moved).toBeGreaterThan(0);
    expect(spreads[added!.id]).toMatchObject({ deviation: expect.any(Number) as number });
    expect(spreads[added!.id]?.movement).toBeUndefined();
  });

  test('is not known where what the run began with is gone, and the layers are measured all the same', async () => {
    const gone = () => Promise.reject(new Failure('input', 'FILE_MISSING', 'base.h5: no such file'));
    const [without, plain] = [host(graph, gone), host()];
    for (const { inspection } of [without, plain]) {
      await inspection.receive({ type: 'measureSpreads', on: true });
    }
    expect(spreadsIn(without.answers)).toEqual(spreadsIn(plain.answers));
    const end = without.answers.at(-1);
    expect(end).toMatchObject({ done: true, noMovement: 'base.h5: no such file' });
    expect(end).not.toHaveProperty('problem');
  });

  test('is not known where a weight that the run began with is gone', async () => {
    const source = { from: 'ranges', ranges: [{ path: '/lost.bin', offset: 0, byteLength: 4 }] } as const;
    const lost: LayerGraph = {
      ...graph,
      layers: graph.layers.map((layer) => ({
        ...layer,
        weights: layer.weights.map((weight) => ({ ...weight, source })),
      })),
    };
    const [without, plain] = [host(graph, () => Promise.resolve(lost)), host()];
    for (const { inspection } of [without, plain]) {
      await inspection.receive({ type: 'measureSpreads', on: true });
    }
    expect(spreadsIn(without.answers)).toEqual(spreadsIn(plain.answers));
    expect(without.answers.at(-1)).toMatchObject({
      done: true,
      noMovement: expect.stringContaining('found 4 bytes') as string,
    });
  });

  test('is not asked of a model that no run has made', async () => {
    const { answers, inspection } = host();
    await inspection.receive({ type: 'measureSpreads', on: true });
    expect(Object.values(spreadsIn(answers)).some(({ movement }) => movement !== undefined)).toBe(false);
  });
});
