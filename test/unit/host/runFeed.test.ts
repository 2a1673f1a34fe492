import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/core/run/events';
import { historyOf, stepAt } from '../../../src/core/run/history';
import { RunFeed } from '../../../src/host/runFeed';
import { unpackSteps } from '../../../src/protocol/packedSteps';
import type { HostToRunPanel, RunView } from '../../../src/protocol/runPanel';

const run: RunView = { id: '/runs/a', name: 'a', status: 'running', startedAt: 0 };
const step = (number: number): RunEvent => ({
  ...{ type: 'step', time: number, step: number, epoch: 1, metrics: { loss: number } },
});
/** Each event of these tests takes ten bytes of the log. */
const appended = (...numbers: number[]) => ({ run, events: numbers.map(step), bytes: 10 * numbers.at(-1)! });

function feed() {
  const posted: HostToRunPanel[] = [];
  const taken: (() => void)[] = [];
  const given = new RunFeed(run, (message) => {
    posted.push(message);
    return new Promise<void>((resolve) => taken.push(resolve));
  });
  const steps = () =>
    posted.flatMap((message) => {
      if (message.type === 'events') return message.events.map((event) => event.time);
      if (message.type !== 'history' || !message.steps) return [];
      const columns = unpackSteps(message.steps);
      return Array.from({ length: columns.length }, (_, index) => stepAt(columns, index).step);
    });
  return { given, posted, taken, steps };
}

test('tells each event once, however far the history was read when some were appended', async () => {
  for (const read of [0, 2, 4, 5]) {
    const { given, steps } = feed();
    given.append(appended(1, 2));
    await given.part(historyOf([1, 2].slice(0, read).map(step)));
    given.append(appended(3, 4));
    await given.part(historyOf([3, 4, 5].slice(0, Math.max(0, read - 2)).map(step)));
    given.append(appended(5));
    given.end(run, 10 * read);
    given.append(appended(6));
    expect(steps(), `read to ${read}`).toEqual([1, 2, 3, 4, 5, 6]);
  }
});

test('says which part begins and which ends a history; a short one is one message', async () => {
  const short = feed();
  await short.given.part(historyOf([step(1)]));
  short.given.end({ ...run, status: 'finished' }, 10);
  expect(short.posted).toMatchObject([
    { type: 'history', run: { status: 'finished' }, continues: false, more: false },
  ]);

  const long = feed();
  for (let part = 1; part <= 3; part++) {
    void long.given.part(historyOf([step(part)]));
  }
  long.given.end(run, 30);
  expect(long.posted).toMatchObject([
    { continues: false, more: true },
    { continues: true, more: true },
    { continues: true, more: false },
  ]);
});

test('begins anew after an overview, and lets what is appended wait for all of it', async () => {
  const { given, posted, steps } = feed();
  given.overview(run, historyOf([step(1), step(4)]));
  given.append(appended(5));
  for (let part = 1; part <= 4; part++) void given.part(historyOf([step(part)]));
  given.end(run, 40);
  expect(posted.slice(0, 3)).toMatchObject([
    { type: 'history', continues: false, more: false },
    { continues: false, more: true },
    { continues: true, more: true },
  ]);
  expect(posted.at(-1)).toMatchObject({ type: 'events' });
  expect(steps()).toEqual([1, 4, 1, 2, 3, 4, 5]);
});

test('reads one part while another is on its way, and no more', async () => {
  const { given, posted, taken } = feed();
  let read = 0;
  const reading = (async () => {
    for (let part = 1; part <= 5; part++) {
      await given.part(historyOf([step(part)]));
      read = part;
    }
  })();
  for (let arrived = 0; arrived < 4; arrived++) {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    expect(posted.length - arrived).toBeLessThanOrEqual(2);
    expect(read - arrived).toBeLessThanOrEqual(3);
    taken[arrived]?.();
  }
  await reading;
});

test('shows a run without a log, and tells nothing once it is given up', async () => {
  const empty = feed();
  empty.given.end(run, 0);
  expect(empty.posted).toMatchObject([{ type: 'history', events: [], more: false }]);

  const given = feed();
  await given.given.part(historyOf([step(1)]));
  given.given.cancel();
  await given.given.part(historyOf([step(2)]));
  given.given.end(run, 20);
  given.given.append(appended(3));
  expect(given.posted).toEqual([]);
});
