import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildChild } from '../../fuzz/buildChild';
import { FUZZED } from '../../fuzz/corpus/corpus';
import { fuzzFormat } from '../../fuzz/fuzzFormat';
import { Reader } from '../../fuzz/reader';

/** Of a format; `npm run fuzz` reads 20,000. */
const FILES = 100;

/** Of those that `npm run fuzz` draws others. */
const SEED = 2;

/** A machine that does much else takes minutes for what takes this test seconds. */
const MOST_MS = 600_000;

const root = path.resolve(import.meta.dirname, '../../..');
const build = path.join(root, `.cache/fuzz/unit-${process.pid}`);
const script = path.join(build, 'child.mjs');
const reader = new Reader(script, path.join(root, 'test/fixtures'));

beforeAll(() => buildChild(root, script), MOST_MS);
afterAll(async () => {
  reader.close();
  await rm(build, { recursive: true, force: true });
});

test.each(FUZZED)(
  'a damaged file of the format %s gives a graph or one clear error, and nothing else happens',
  async (format) => {
    const report = await fuzzFormat(reader, { format, seed: SEED, from: 0, to: FILES });
    expect(report.finds).toEqual([]);
    const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0);
    expect(report.read + sum(report.refused)).toBe(FILES);
    // Damage that nothing notices, or that nothing survives, would test little.
    expect(sum(report.refused) + sum(report.later)).toBeGreaterThan(0);
    expect(report.read).toBeGreaterThan(0);
  },
  MOST_MS,
);
