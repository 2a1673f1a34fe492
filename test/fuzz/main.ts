import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildChild } from './buildChild';
import { corpusIn, FUZZED, type FuzzedName } from './corpus/corpus';
import { fuzzFormat, type FormatReport } from './fuzzFormat';
import { mutateSample } from './mutateSample';
import { Reader } from './reader';

/**
 * Reads damaged files of every format, and prints what became of them; a find ends it with status 1 and lies in
 * `.cache/fuzz`.
 *
 * @param root of the repository
 * @param folder for what is built, below the root
 */
export async function main(root: string, folder: string, args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      format: { type: 'string', multiple: true },
      files: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
    },
  });
  const seed = Number(values.seed);
  const [from, to] =
    values.only === undefined ? [0, Number(values.files)] : [Number(values.only), Number(values.only) + 1];
  const formats = FUZZED.filter((format) => values.format?.includes(format) ?? true);
  const fixtures = path.join(root, 'test/fixtures');
  const corpus = await corpusIn(fixtures);
  const keep = async (format: FuzzedName, at: number): Promise<string> => {
    const folder = path.join(root, '.cache/fuzz', `${format}-${seed}-${at}`);
    for (const [name, bytes] of mutateSample(corpus[format], FUZZED.indexOf(format), seed, at).files) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), bytes);
    }
    return folder;
  };
  const script = path.join(folder, 'child.mjs');
  await buildChild(root, script);
  const reader = new Reader(script, fixtures);
  let found = 0;
  try {
    for (const format of formats) {
      const report = await fuzzFormat(reader, { format, seed, from, to });
      console.log(describe(report));
      for (const { at, kind, text } of report.finds) {
        console.log(`  FOUND ${kind} in ${path.relative(root, await keep(format, at))}: ${text}`);
      }
      if (values.only !== undefined) console.log(`  ${await keep(format, from)}`);
      found += report.finds.length;
    }
  } finally {
    reader.close();
  }
  return found === 0 ? 0 : 1;
}

function describe(report: FormatReport): string {
  const { format, files, read, refused, later, finds, peakBytes, seconds } = report;
  const counts = (of: ReadonlyMap<string, number>) =>
    [...of].map(([code, times]) => `${code} ${times}`).join(', ') || 'none';
  return [
    `${format}: ${files} files, ${read} read, ${files - read} refused, ${finds.length} finds, ` +
      `${Math.round(files / seconds)} files/s, peak ${Math.round(peakBytes / 2 ** 20)} MB`,
    `  refused: ${counts(refused)}`,
    `  refused later: ${counts(later)}`,
  ].join('\n');
}
