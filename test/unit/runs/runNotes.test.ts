import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { summarizeRun } from '../../../src/runs/listRuns';
import { faultOfName, parseTags, readNotes, writeNotes } from '../../../src/runs/runNotes';

let run: string;
beforeEach(async () => (run = await mkdtemp(path.join(os.tmpdir(), 'run-notes-'))));
afterEach(() => rm(run, { recursive: true, force: true }));

describe('notes of a run', () => {
  it('come back as they were written, in a file of their own', async () => {
    await writeNotes(run, { name: 'four blocks frozen', tags: ['base'] });
    expect(await readNotes(run)).toEqual({ name: 'four blocks frozen', tags: ['base'] });
    expect(await readdir(run)).toEqual(['notes.json']);
    await writeNotes(run, { tags: [] });
    expect(JSON.parse(await readFile(path.join(run, 'notes.json'), 'utf8'))).toEqual({ version: 1 });
    expect(await readNotes(run)).toEqual({});
  });

  it.each(['', '{', '[]', '{"version":2,"name":"x"}', '{"version":1,"name":5}', '{"version":1,"tags":"x"}'])(
    'are none where the file holds %j',
    async (text) => {
      await writeFile(path.join(run, 'notes.json'), text);
      expect(await readNotes(run)).toEqual({});
    },
  );

  it('are checked as they are typed', () => {
    expect(parseTags(' base , best so far,,base ')).toEqual(['base', 'best so far']);
    expect(parseTags('x'.repeat(41))).toMatch(/is longer than 40 characters$/);
    expect(parseTags(Array.from({ length: 21 }, (_, index) => index).join())).toMatch(/^Found 21 tags/);
    expect(faultOfName(' ')).toBe('Expected a name');
    expect(faultOfName('x'.repeat(121))).toBe('Expected at most 120 characters');
    expect(faultOfName('digits')).toBeUndefined();
  });
});

describe('the summary of a run', () => {
  const line = (event: object) => `${JSON.stringify(event)}\n`;
  const epoch = (number: number, loss: number) =>
    line({
      ...{ type: 'epoch', time: number, epoch: number, step: number * 2 },
      ...{ metrics: { loss }, seconds: 1, samplesPerSecond: 2 },
    });
  const step = line({ type: 'step', time: 9, step: 5, epoch: 3, metrics: { loss: 9 } });

  it('has the metrics of the last epoch that is near the end of the log', async () => {
    await writeFile(path.join(run, 'events.jsonl'), epoch(1, 0.5) + epoch(2, 0.25) + step + '{"type":"epo');
    expect((await summarizeRun(run))?.metrics).toEqual({ loss: 0.25 });
  });

  it('has none where no epoch is', async () => {
    await writeFile(path.join(run, 'events.jsonl'), step);
    expect(await summarizeRun(run)).not.toHaveProperty('metrics');
  });
});
