import path from 'node:path';
import { expect, it } from 'vitest';
import { killPrograms } from '../kill/kill';
import { trainerEntry } from './workspace';

/** A few of what `npm run kill` kills hundreds of. */
it('programs that are killed at any moment leave what can be read, gone on with, and nothing else', async () => {
  const tally = await killPrograms({ trainer: 3, writer: 2, seed: 7, dist: path.dirname(trainerEntry) });
  expect(tally.finds).toEqual([]);
  expect([tally.of('trainers killed'), tally.of('writers killed')]).toEqual([3, 2]);
});
