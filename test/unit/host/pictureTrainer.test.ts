import { expect, onTestFinished, test, vi } from 'vitest';
import { PictureTrainer } from '../../../src/host/judge/pictureTrainer';
import type { JudgingToPage, SamplePicture, WantedPicture } from '../../../src/protocol/judging';
import type { FromTrainer, PictureRequest } from '../../../src/protocol/trainer';
import type { TrainerExit, TrainerProcess } from '../../../src/trainer/client';

/** A trainer that answers when the test says so. */
function fakeTrainer() {
  const asked: PictureRequest[] = [];
  const listeners: ((message: FromTrainer) => void)[] = [];
  let exit: (how: TrainerExit) => void = () => undefined;
  const exited = new Promise<TrainerExit>((resolve) => (exit = resolve));
  const stop = vi.fn(() => exited);
  const process: TrainerProcess = {
    pid: 1,
    onMessage(listener) {
      listeners.push(listener);
      return () => undefined;
    },
    steer: () => undefined,
    ask: (request) => void asked.push(request),
    stop,
    exited,
    log: () => '',
  };
  const say = (message: FromTrainer) => listeners.forEach((listener) => listener(message));
  return { process, asked, say, stop, exit: () => exit({ code: 1, signal: null }) };
}

const wanted = (count: number): WantedPicture[] =>
  Array.from({ length: count }, (_, of) => ({ of, side: 32 }));
/** What is asked for at once. */
const AT_ONCE = 8;

async function picturing(pictures: number) {
  const trainer = fakeTrainer();
  const told: SamplePicture[] = [];
  const ended = vi.fn();
  const maker = new PictureTrainer('/runs/a', () => Promise.resolve(trainer.process), ended);
  const post = (message: JudgingToPage) =>
    void (message.type === 'pictures' && told.push(...message.pictures));
  maker.ask(wanted(pictures), post);
  await Promise.resolve();
  trainer.say({ type: 'picturing' });
  await vi.waitFor(() => expect(trainer.asked).toHaveLength(Math.min(pictures, AT_ONCE)));
  return { trainer, told, ended, maker };
}

const failed: FromTrainer = { type: 'failed', kind: 'work', code: 'TRAINER_DIED', message: 'it died' };

test('a trainer that dies is said of the pictures it was at as of those that wait', async () => {
  const { trainer, told, ended } = await picturing(20);
  trainer.say({ type: 'picture', of: 0, side: 32, png: 'AA==' });
  await vi.waitFor(() => expect(trainer.asked).toHaveLength(AT_ONCE + 1));
  trainer.say(failed);
  trainer.exit();
  expect(told[0]).toEqual({ of: 0, side: 32, png: 'data:image/png;base64,AA==' });
  const lost = told.slice(1).sort((a, b) => Number(a.of) - Number(b.of));
  expect(lost).toEqual(
    wanted(20)
      .slice(1)
      .map((picture) => ({ ...picture, png: null, why: 'it died' })),
  );
  expect(ended).toHaveBeenCalled();
});

test('a trainer that ends without a word leaves no picture unanswered', async () => {
  const { trainer, told } = await picturing(20);
  trainer.exit();
  await vi.waitFor(() => expect(told).toHaveLength(20));
  expect(new Set(told.map(({ why }) => why))).toEqual(
    new Set(['the trainer ended before it had made the picture; show the run again to ask once more']),
  );
});

test('a trainer is given time to load the data, and goes when nobody asks any more', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const trainer = fakeTrainer();
  const told: SamplePicture[] = [];
  const maker = new PictureTrainer(
    '/runs/a',
    () => Promise.resolve(trainer.process),
    () => undefined,
  );
  const post = (message: JudgingToPage) =>
    void (message.type === 'pictures' && told.push(...message.pictures));
  maker.ask(wanted(1), post);
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(trainer.stop).not.toHaveBeenCalled();
  trainer.say({ type: 'picturing' });
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(trainer.asked).toHaveLength(1);
  expect(trainer.stop).not.toHaveBeenCalled();
  trainer.say({ type: 'picture', of: 0, side: 32, png: 'AA==' });
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(trainer.stop).toHaveBeenCalled();
  expect(told).toHaveLength(1);
});

test('one that nobody needs any more says nothing of what it has not made', async () => {
  const { trainer, told, maker, ended } = await picturing(20);
  maker.dispose();
  await vi.waitFor(() => expect(trainer.stop).toHaveBeenCalled());
  trainer.exit();
  await vi.waitFor(() => expect(ended).toHaveBeenCalled());
  expect(told).toEqual([]);
});
