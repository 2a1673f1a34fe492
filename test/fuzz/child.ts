import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { openModel } from '../../src/formats/registry';
import { corpusIn, FUZZED } from './corpus/corpus';
import type { Sample } from './corpus/sample';
import { Guard } from './guard';
import { OWN_FAULT, type FileDone, type Find, type FromChild, type Stretch } from './messages';
import { mutateSample } from './mutateSample';
import { readAtOnce } from './readAtOnce';
import { readData } from './reading/readData';
import { readDocument } from './reading/readDocument';
import { isUntidy, readModel, type Reading } from './reading/readModel';

/**
 * Reads damaged files, one after the other, and tells what became of each. Its parent watches time and memory, and ends
 * it where a file goes too far.
 *
 *   node child.mjs FIXTURES FOLDER     the second is empty, and its own
 */
const [fixtures = '', work = ''] = process.argv.slice(2);
const folder = path.join(work, 'case');
const temporary = path.join(work, 'tmp');
mkdirSync(folder, { recursive: true });
mkdirSync(temporary, { recursive: true });
process.env.TMPDIR = temporary;

/** After so many files a good one is read, whether or not any of them looked as if it broke the library. */
const CHECK_EVERY = 500;

readAtOnce();
const guard = new Guard();
const corpus = await corpusIn(fixtures);
const base = await openModel(path.join(fixtures, 'keras3/sequential.h5'));

let unexpected: unknown[] = [];
process.on('unhandledRejection', (reason) => unexpected.push(reason));
process.on('uncaughtException', (error) => unexpected.push(error));

const warm = new Set<string>();
let stretches = Promise.resolve();
process.on('message', (stretch: Stretch) => {
  stretches = stretches
    .then(() => readStretch(stretch))
    .catch((error: unknown) => {
      console.error(error);
      process.exit(OWN_FAULT);
    });
});
process.on('disconnect', () => process.exit());
send({ type: 'ready' });

async function readStretch({ format, seed, from, to }: Stretch): Promise<void> {
  const samples = corpus[format];
  if (!warm.has(format)) await readGood(format, samples);
  send({ type: 'ready' });
  for (let at = from; at < to; at++) {
    const sample = mutateSample(samples, FUZZED.indexOf(format), seed, at);
    const done = await readWatched(format, sample, at);
    const isLast = at === to - 1;
    const broken = at % CHECK_EVERY === 0 || isLast ? await whatBroke(format, samples) : undefined;
    send(broken ? { ...done, finds: [...done.finds, broken] } : done);
  }
}

/** What the code loads when it first needs it is loaded now; and what is not damaged is to be read. */
async function readGood(format: Stretch['format'], samples: readonly Sample[]): Promise<void> {
  for (const sample of samples) {
    write(sample);
    const { failure } = await read(format, sample);
    if (failure) throw new Error(`${sample.name}: the file without damage is refused: ${failure.message}`);
  }
  warm.add(format);
  openBefore = undefined;
}

async function whatBroke(format: Stretch['format'], samples: readonly Sample[]): Promise<Find | undefined> {
  try {
    await readGood(format, samples);
    return undefined;
  } catch (error) {
    return { kind: 'poisoned', text: textOf(error) };
  }
}

async function readWatched(format: Stretch['format'], sample: Sample, at: number): Promise<FileDone> {
  write(sample);
  const before = openBefore ?? openFiles();
  unexpected = [];
  guard.watch(folder, temporary);
  const finds: Find[] = [];
  let reading: Reading = { refusedLater: [] };
  try {
    reading = await read(format, sample);
  } catch (error) {
    finds.push({ kind: 'internal', text: textOf(error) });
  }
  await turn();
  guard.rest();
  const open = await settledFiles(before);
  openBefore = open;
  for (const error of unexpected)
    finds.push({ kind: 'internal', text: `nobody waited for: ${textOf(error)}` });
  for (const reached of guard.take()) finds.push({ kind: 'reached', text: reached });
  const refused = [...(reading.failure ? [reading.failure] : []), ...reading.refusedLater];
  for (const { code, message } of refused) {
    if (code === 'WEIGHTS_UNREADABLE') finds.push({ kind: 'internal', text: message });
    const told = message.replaceAll(folder, '');
    if (isUntidy(told))
      finds.push({ kind: 'message', text: `${code}: ${JSON.stringify(told).slice(0, 400)}` });
  }
  if (open > before) finds.push({ kind: 'left', text: `${open - before} open files` });
  const left = readdirSync(temporary);
  if (left.length > 0) finds.push({ kind: 'left', text: left.join(', ') });
  for (const name of left) rmSync(path.join(temporary, name), { recursive: true });
  return {
    type: 'done',
    at,
    ...(reading.failure && { code: reading.failure.code }),
    later: reading.refusedLater.map(({ code }) => code),
    finds,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function read(format: Stretch['format'], sample: Sample): Promise<Reading> {
  const target = path.join(folder, sample.open);
  switch (format) {
    case 'npy':
    case 'npz':
    case 'idx':
    case 'cifar':
    case 'table':
    case 'image':
      return readData(format, target);
    case 'recipe':
    case 'plan':
    case 'run':
      return readDocument(format, target, base);
    default:
      return readModel(target, base);
  }
}

/** Of the sample before: making files and folders anew would take longer than reading most of them. */
let written: ReadonlyMap<string, Uint8Array> = new Map();

function write({ files }: Sample): void {
  for (const name of written.keys()) if (!files.has(name)) rmSync(path.join(folder, name));
  for (const [name, bytes] of files) {
    if (written.get(name) === bytes) continue;
    const file = path.join(folder, name);
    if (name.includes('/')) mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  written = files;
}

/** After the file before; not known where another was read meanwhile. */
let openBefore: number | undefined;

/** How many files are open, once those are gone that are being closed. */
async function settledFiles(before: number): Promise<number> {
  let open = openFiles();
  for (let round = 0; open > before && round < 100; round++) {
    await sleep(10);
    open = openFiles();
  }
  return open;
}

function openFiles(): number {
  return readdirSync('/proc/self/fd').length;
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function send(message: FromChild): void {
  process.send?.(message);
}
