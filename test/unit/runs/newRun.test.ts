import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { planSchema } from '../../../src/core/plan/plan';
import { listRuns } from '../../../src/runs/listRuns';
import { RunWriter } from '../../../src/runs/runWriter';
import { temporaryFolder } from '../../support/temporary';

it('a run that was being made when its process was killed is none, and the next one clears it away', async () => {
  const out = await temporaryFolder();
  const [old, young, foreign] = ['.old.part', '.young.part', '.git'].map((name) => path.join(out, name));
  for (const folder of [old!, young!, foreign!]) {
    await mkdir(folder);
    await writeFile(path.join(folder, 'events.jsonl'), '');
    await writeFile(path.join(folder, 'process.json'), '{"version":1,"pid":');
  }
  const hourAgo = new Date(Date.now() - 3_600_000);
  for (const folder of [old!, foreign!]) await utimes(folder, hourAgo, hourAgo);
  expect(await listRuns(out)).toEqual([]);

  const plan = planSchema.parse({
    version: 1,
    model: path.join(out, 'tiny.h5'),
    data: { kind: 'images', train: out },
    phases: [{ epochs: 1, optimizer: { kind: 'adam', learningRate: 0.01 } }],
    out,
  });
  const writer = await RunWriter.create({ out, name: 'digits', plan });
  writer.close();
  expect((await readdir(out)).sort()).toEqual(['.git', '.young.part', path.basename(writer.folder)]);
  expect((await readdir(writer.folder)).sort()).toEqual([
    ...['events.jsonl', 'log.txt', 'plan.json', 'process.json'],
  ]);
});
