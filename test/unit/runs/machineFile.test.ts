import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readMachine, removeMachine, writeMachine } from '../../../src/runs/machineFile';
import { temporaryFolder } from '../../support/temporary';

const MACHINE = { time: 5, memory: 2 ** 30, tensors: 2 ** 20, gpus: [{ name: 'H100', load: 0.5 }] };

test('what a run takes of its machine is replaced, and gone when the run is', async () => {
  const folder = await temporaryFolder();
  expect(await readMachine(folder)).toBeUndefined();
  await writeMachine(folder, MACHINE);
  await writeMachine(folder, { ...MACHINE, time: 6 });
  expect(await readMachine(folder)).toEqual({ ...MACHINE, time: 6 });
  await removeMachine(folder);
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['half a line', '{"time":5,'],
  ['no numbers', '{"time":"now","memory":1,"gpus":[]}'],
  ['what is negative', '{"time":5,"memory":-1,"gpus":[]}'],
  ['no end', `{"time":5,"memory":1,"gpus":[],"x":"${'x'.repeat(70_000)}"}`],
])('nothing is told by %s', async (_, text) => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'machine.json'), text);
  expect(await readMachine(folder)).toBeUndefined();
});

test('what a newer trainer says beside it is left out', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'machine.json'), JSON.stringify({ ...MACHINE, fans: 3 }));
  expect(await readMachine(folder)).toEqual(MACHINE);
});
