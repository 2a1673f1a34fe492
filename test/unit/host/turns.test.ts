import { expect, test } from 'vitest';
import { Turns } from '../../../src/host/turns';

test('begins what comes later when what came first is over', async () => {
  const turns = new Turns();
  const told: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) => () => {
    told.push(`${name} begins`);
    return new Promise<void>((end) => ends.push(end)).then(() => void told.push(`${name} ends`));
  };
  const [first, second] = [turns.take(work('first')), turns.take(work('second'))];
  await Promise.resolve();
  expect(told).toEqual(['first begins']);
  ends[0]?.();
  await first;
  await Promise.resolve();
  ends[1]?.();
  await second;
  expect(told).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});

test('goes on after what failed, and says so to who asked for it alone', async () => {
  const turns = new Turns();
  const failing = turns.take(() => Promise.reject(new Error('not now')));
  const next = turns.take(() => Promise.resolve(7));
  await expect(failing).rejects.toThrow('not now');
  expect(await next).toBe(7);
});
