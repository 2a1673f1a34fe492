import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { askRun, SteeringFile } from '../../../src/runs/steeringFile';
import { temporaryFolder } from '../../support/temporary';

async function opened(before = '') {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'steering.jsonl');
  if (before !== '') await writeFile(file, before);
  const steering = SteeringFile.open(folder);
  onTestFinished(() => steering.close());
  return { folder, file, steering };
}

const line = (id: string, type = 'pause') => `{"id":"${id}","time":0,"type":"${type}"}\n`;

test('what is asked is heard once, in order', async () => {
  const { folder, steering } = await opened();
  expect(steering.look()).toEqual([]);
  await askRun(folder, { type: 'pause' });
  await askRun(folder, { type: 'setLearningRate', learningRate: 1e-4 });
  expect(steering.look()).toEqual([{ type: 'pause' }, { type: 'setLearningRate', learningRate: 1e-4 }]);
  await askRun(folder, { type: 'stop', keepBest: true });
  expect(steering.look()).toEqual([{ type: 'stop', keepBest: true }]);
  expect(steering.look()).toEqual([]);
});

test('a run that makes no such file cannot be asked', async () => {
  const folder = await temporaryFolder();
  await expect(askRun(folder, { type: 'pause' })).rejects.toMatchObject({ code: 'RUN_DEAF', kind: 'work' });
});

test.each([
  ['whole lines', line('old')],
  ['a torn line', line('old') + '{"id":"torn"'],
])('what was asked of an earlier process is no concern: %s', async (_, before) => {
  const { folder, file, steering } = await opened(before);
  expect(steering.look()).toEqual([]);
  await askRun(folder, { type: 'resume' });
  expect(steering.look()).toEqual([{ type: 'resume' }]);
  expect(await readFile(file, 'utf8')).toMatch(/\n$/);
});

test('a line that is not whole yet waits for its rest', async () => {
  const { file, steering } = await opened();
  const whole = line('one');
  await appendFile(file, whole.slice(0, 20));
  expect(steering.look()).toEqual([]);
  await appendFile(file, whole.slice(20));
  expect(steering.look()).toEqual([{ type: 'pause' }]);
});

test('the same id is heard once', async () => {
  const { file, steering } = await opened();
  await appendFile(file, line('one') + line('one') + line('two', 'resume'));
  expect(steering.look()).toEqual([{ type: 'pause' }, { type: 'resume' }]);
  await appendFile(file, line('one'));
  expect(steering.look()).toEqual([]);
});

test.each([
  ['no JSON', 'pause\n'],
  ['another value', 'null\n7\n[]\n'],
  ['an unknown word', line('x', 'explode')],
  ['no id', '{"time":0,"type":"pause"}\n'],
  ['an endless id', `{"id":"${'x'.repeat(65)}","time":0,"type":"pause"}\n`],
  ['no number', '{"id":"x","time":0,"type":"setLearningRate","learningRate":"1"}\n'],
  ['bytes', '\u0000\u00ff\n'],
  ['a long line', `${' '.repeat(2000)}${line('x')}`],
])('what is no message is passed over: %s', async (_, garbage) => {
  const { folder, file, steering } = await opened();
  await appendFile(file, garbage);
  await askRun(folder, { type: 'pause' });
  expect(steering.look()).toEqual([{ type: 'pause' }]);
});

test('of more than anybody asks for the newest counts', async () => {
  const { folder, file, steering } = await opened();
  await appendFile(file, line('first', 'stop') + `${'x'.repeat(80)}\n`.repeat(10_000));
  await askRun(folder, { type: 'pause' });
  expect(steering.look()).toEqual([{ type: 'pause' }]);
});

test('a long line that comes in parts stays one', async () => {
  const { file, steering } = await opened();
  for (let part = 0; part < 4; part++) {
    await appendFile(file, 'x'.repeat(900));
    expect(steering.look()).toEqual([]);
  }
  await appendFile(file, `${line('tail')}${line('next')}`);
  expect(steering.look()).toEqual([{ type: 'pause' }]);
  await appendFile(file, line('tail', 'resume'));
  expect(steering.look()).toEqual([{ type: 'resume' }]);
});

test('after the file was cut short, what follows counts', async () => {
  const { folder, file, steering } = await opened();
  await askRun(folder, { type: 'pause' });
  expect(steering.look()).toHaveLength(1);
  await truncate(file, 0);
  expect(steering.look()).toEqual([]);
  await askRun(folder, { type: 'resume' });
  expect(steering.look()).toEqual([{ type: 'resume' }]);
});
