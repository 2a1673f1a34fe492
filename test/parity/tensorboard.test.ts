import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/core/run/events';
import { Board } from '../../src/runs/tensorboard/board';
import { runPython } from '../support/python';

type Point = readonly (number | string)[];
type Sides = Readonly<Record<'train' | 'validation', readonly Point[]>>;

let read: Readonly<Record<'tensorflow' | 'tensorboard' | 'keras', Sides>>;

const time = 1_700_000_000_000;
const PLAN = '```json\n{ "batchSize": 4 }\n```';
/** No float32 that decimals write short: a reader that read anything else would show. */
const third = (step: number) => Math.fround(step / 3);

const step = (number: number): RunEvent => ({
  type: 'step',
  time: time + number,
  step: number,
  epoch: Math.ceil(number / 2),
  metrics: { loss: third(number), accuracy: number === 1 ? NaN : 0.5 },
});
const epoch = (number: number): RunEvent => ({
  type: 'epoch',
  time: time + 2 * number,
  epoch: number,
  step: 2 * number,
  metrics: { loss: third(number), accuracy: 0.5, val_loss: third(7 * number), val_accuracy: 0.25 },
  seconds: 1,
  samplesPerSecond: 8,
});

/** What one process writes of a run. */
async function write(run: string, events: readonly RunEvent[], resumedAfter?: number): Promise<void> {
  const board = new Board({
    run,
    hasValidation: true,
    freezeSet: (phase) => `phase ${phase}`,
    learningRate: () => 0.5,
    onRefused: (error) => expect.unreachable(String(error)),
  });
  await board.open(resumedAfter);
  if (resumedAfter === undefined) board.texts(time, { plan: PLAN });
  for (const event of events) board.take(event);
  board.close();
}

let run: string;
beforeAll(async () => {
  run = await mkdtemp(path.join(tmpdir(), 'model-surgery-'));
  const phase: RunEvent = { type: 'phase', time, phase: 0, epoch: 1, trainableLayers: 1, frozenLayers: 0 };
  // Killed after step 3, gone on with from the checkpoint of the first epoch.
  await write(run, [phase, step(1), step(2), epoch(1), step(3)]);
  await write(run, [step(3), step(4), epoch(2)], 2);
  read = JSON.parse(
    await runPython('test/parity/eventFiles.py', [path.join(run, 'tensorboard')]),
  ) as typeof read;
});
afterAll(() => rm(run, { recursive: true, force: true }));

const scalars = (numbers: readonly number[], tag: string, value: (number: number) => number | string) =>
  numbers.map((number) => [tag, number, value(number)]);

describe('event files', () => {
  test('TensorFlow reads every record back', () => {
    const batch = (number: number) => [
      ['batch_loss', number, third(number)],
      ['batch_accuracy', number, number === 1 ? 'NaN' : 0.5],
    ];
    const ofEpoch = (number: number) => [
      ['epoch_loss', number - 1, third(number)],
      ['epoch_accuracy', number - 1, 0.5],
      ['epoch_learning_rate', number - 1, 0.5],
    ];
    expect(read.tensorflow.train).toEqual([
      ['plan', 0, 'text', PLAN],
      ['freeze_set', 0, 'text', 'phase 0'],
      ...[...batch(1), ...batch(2), ...ofEpoch(1), ...batch(3)],
      ...[...batch(3), ...batch(4), ...ofEpoch(2)],
    ]);
    expect(read.tensorflow.validation).toEqual(
      [1, 2].flatMap((number) => [
        ['evaluation_loss_vs_iterations', 2 * number, third(7 * number)],
        ['evaluation_accuracy_vs_iterations', 2 * number, 0.25],
        ['epoch_loss', number - 1, third(7 * number)],
        ['epoch_accuracy', number - 1, 0.25],
      ]),
    );
  });

  test('TensorBoard reads the run as it became, a resumed step once', () => {
    const of = (tag: string) =>
      read.tensorboard.train.filter(([each]) => each === tag).map(([, ...rest]) => rest);
    expect(of('batch_loss')).toEqual([1, 2, 3, 4].map((each) => [each, 'scalars', third(each)]));
    expect(of('epoch_loss')).toEqual([1, 2].map((each) => [each - 1, 'scalars', third(each)]));
    expect(of('plan')).toEqual([[0, 'text', PLAN]]);
    expect(of('freeze_set')).toEqual([[0, 'text', 'phase 0']]);
    expect(read.tensorboard.validation.filter(([tag]) => tag === 'epoch_loss')).toEqual(
      scalars([1, 2], 'epoch_loss', (each) => third(7 * each)).map(([tag, each, value]) => [
        ...[tag!, Number(each) - 1, 'scalars', value!],
      ]),
    );
  });

  test('have the tags and steps of Keras’s callback', () => {
    const own = (side: 'train' | 'validation') =>
      read.tensorboard[side]
        .filter(([, , plugin]) => plugin === 'scalars')
        .map(([tag, at]) => `${tag} ${at}`)
        .sort();
    const keras = (side: 'train' | 'validation') =>
      read.keras[side].map(([tag, at]) => `${tag} ${at}`).sort();
    expect(own('train')).toEqual(keras('train'));
    expect(own('validation')).toEqual(keras('validation'));
  });
});
