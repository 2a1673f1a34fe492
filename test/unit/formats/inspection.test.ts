import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { statisticsOf } from '../../../src/core/weights/statistics';
import { createInspector } from '../../../src/formats/inspection/inspect';
import type { FromInspector, ToInspector } from '../../../src/formats/inspection/messages';
import { openModel } from '../../../src/formats/registry';
import { openWeights } from '../../../src/formats/weights';

const sample = path.resolve('samples/digits-0-4.h5');

/** Sends messages and gathers the answers until the requests of `ends` are over. */
async function ask(messages: readonly ToInspector[], ends: readonly number[]): Promise<FromInspector[]> {
  const answers: FromInspector[] = [];
  const open = new Set(ends);
  await new Promise<void>((resolve) => {
    const inspector = createInspector((answer) => {
      answers.push(answer);
      if (answer.type === 'done' || answer.type === 'failed') open.delete(answer.request);
      if (open.size === 0) resolve();
    });
    messages.forEach(inspector);
  });
  return answers;
}

describe('looking into weights', () => {
  test('finds what the numbers in the file are, in order', async () => {
    const { graph } = await openModel(sample);
    const weights = graph.layers.flatMap((layer) => layer.weights).slice(0, 6);
    const answers = await ask([{ type: 'measure', request: 7, weights }], [7]);
    const reader = openWeights();
    const expected = [];
    for (const weight of weights) expected.push(statisticsOf(await reader.read(weight)));
    await reader.close();
    expect(answers).toEqual([
      ...expected.map((statistics, at) => ({ type: 'measured', request: 7, at, statistics })),
      { type: 'done', request: 7 },
    ]);
  });

  test('a cancelled request ends without another word, and the next goes on', async () => {
    const { graph } = await openModel(sample);
    const weights = graph.layers.flatMap((layer) => layer.weights);
    const answers = await ask(
      [
        { type: 'measure', request: 1, weights },
        { type: 'cancel', request: 1 },
        { type: 'measure', request: 2, weights: weights.slice(0, 1) },
      ],
      [2],
    );
    expect(answers.map(({ type, request }) => [type, request])).toEqual([
      ['measured', 2],
      ['done', 2],
    ]);
  });

  test('pictures the filters of a convolution', async () => {
    const { graph } = await openModel(sample);
    const kernel = graph.layers.find(({ kind }) => kind === 'Conv2D')!.weights[0]!;
    const [answer] = await ask([{ type: 'filters', request: 1, weight: kernel, channel: 0 }], [1]);
    expect(answer).toMatchObject({ type: 'filters', filters: { width: 3, height: 3, channels: 1 } });
  });

  test('says what it cannot read', async () => {
    const { graph } = await openModel(sample);
    const weight = graph.layers.flatMap((layer) => layer.weights)[0]!;
    const gone = { ...weight, source: { from: 'dataset' as const, path: sample, dataset: '/no/such' } };
    const vast = { ...weight, shape: [2 ** 15, 2 ** 15] };
    const answers = await ask(
      [
        { type: 'measure', request: 1, weights: [gone] },
        { type: 'measure', request: 2, weights: [vast] },
      ],
      [1, 2],
    );
    expect(answers.map((answer) => 'code' in answer && answer.code)).toEqual([
      expect.stringMatching(/^H5_/),
      'WEIGHT_TOO_LARGE',
    ]);
  });
});
