import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RunEvent } from '../../../src/core/run/events';
import { stepAt, type RunHistory } from '../../../src/core/run/history';
import { formatEventLine } from '../../../src/runs/eventLine';
import { readEventLog, type ReadOptions, type RunProblem } from '../../../src/runs/eventLog';

const step = (number: number, metrics: Record<string, number> = { loss: 1 / number }): RunEvent => ({
  ...{ type: 'step', time: 1000 + number, step: number, epoch: Math.ceil(number / 10) },
  metrics,
});
const saved = (number: number): RunEvent => ({
  ...{ type: 'checkpoint', time: 2000, epoch: 1, step: number, folder: 'checkpoints/1', reason: 'epoch' },
});
const warned: RunEvent = { type: 'warning', time: 1, code: 'SLOW', message: 'größer 🙂' };

async function logOf(text: string): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'event-log-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, 'events.jsonl'), text);
  return path.join(folder, 'events.jsonl');
}

/** A history as the events it was made of. */
function told({ events, before, steps }: RunHistory): readonly RunEvent[] {
  const all: RunEvent[] = [];
  let next = 0;
  const stepsUpTo = (end: number) => {
    while (next < end) all.push(stepAt(steps, next++));
  };
  for (const [index, event] of events.entries()) {
    stepsUpTo(before[index] ?? 0);
    all.push(event);
  }
  stepsUpTo(steps.length);
  return all;
}

async function inParts(file: string, options: ReadOptions = {}) {
  const problems: RunProblem[] = [];
  const parts: RunHistory[] = [];
  const read = await readEventLog(file, problems, { ...options, onPart: (part) => void parts.push(part) });
  return { ...read, problems, parts, told: parts.flatMap(told) };
}

test('gives in parts what it gives as a list, in the same order', async () => {
  const events = [
    ...[warned, step(1), step(2, { loss: NaN, accuracy: 0.5 }), saved(2), saved(2), step(3), warned],
    ...[step(2), step(3, {}), warned],
  ];
  const file = await logOf(events.map(formatEventLine).join(''));
  const list = await readEventLog(file, []);
  const parts = await inParts(file);
  expect(list.events).toEqual(events);
  expect(parts.told).toEqual(events);
  expect(parts.bytes).toBe(list.bytes);
});

test('keeps, of steps that follow one another, the latest', async () => {
  const events = [warned, step(1), step(2), saved(2), saved(2), step(3), warned, step(2), step(3)];
  const file = await logOf(events.map(formatEventLine).join(''));
  const latest = [warned, step(2), saved(2), saved(2), step(3), warned, step(3)];
  expect((await readEventLog(file, [], { steps: 'latest' })).events).toEqual(latest);
  expect((await inParts(file)).events).toEqual(latest);
});

test.each([
  ['broken', '{"type":"step","time":10\n'],
  ['broken twice', '{"type":"step","time":10\n{"type":"step"}\n'],
])('keeps the latest step that can be read where the newest is %s', async (_how, newest) => {
  const file = await logOf([warned, step(1), step(2)].map(formatEventLine).join('') + newest);
  const { events } = await readEventLog(file, [], { steps: 'latest' });
  expect(events).toEqual([warned, step(2)]);
  expect((await inParts(file)).events).toEqual(events);
});

test('holds no more than a part of a long history, and loses nothing between parts', async () => {
  const steps = 100_000;
  const lines: string[] = [];
  for (let number = 1; number <= steps; number++) {
    lines.push(formatEventLine(step(number)));
    if (number % 10_000 === 0) lines.push(formatEventLine(saved(number)));
  }
  const file = await logOf(lines.join(''));
  const { parts, events } = await inParts(file);
  expect(parts.map((part) => part.steps.length).reduce((sum, length) => sum + length, 0)).toBe(steps);
  expect(Math.max(...parts.map((part) => part.steps.length))).toBeLessThan(65_536);
  const numbers = parts.flatMap((part) => [...part.steps.step]);
  expect(numbers.every((number, index) => number === index + 1)).toBe(true);
  expect(parts.flatMap((part) => part.events)).toHaveLength(steps / 10_000);
  // Of the ends of parts a step may be kept, between two checkpoints.
  expect(events.length).toBeLessThanOrEqual(2 * (steps / 10_000));
});

test('says of parts what it says of a list: broken, unknown and torn lines', async () => {
  const broken = `{"type":"weather"}\nnot json\n{"type":"step"}\n${formatEventLine(step(1))}{"type":"st`;
  const file = await logOf(formatEventLine(warned) + broken);
  const problems: RunProblem[] = [];
  const list = await readEventLog(file, problems);
  const parts = await inParts(file);
  expect(problems).toHaveLength(3);
  expect(parts.problems).toEqual(problems);
  expect(parts.told).toEqual(list.events);
  expect(parts.bytes).toBe(list.bytes);
});

test('reads up to where an event ended', async () => {
  const head = [warned, step(1), step(2)].map(formatEventLine).join('');
  const file = await logOf(head + formatEventLine(step(3)));
  const { told: events, bytes } = await inParts(file, { upTo: Buffer.byteLength(head) });
  expect(events).toEqual([warned, step(1), step(2)]);
  expect(bytes).toBe(Buffer.byteLength(head));
});
