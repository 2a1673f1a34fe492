import { seededRandom, type Random } from '../../src/data/random';
import type { Sample } from './corpus/sample';
import { below, chance, pick } from './draw';
import { mutateContent } from './mutateContent';

/** Files of numbers alone: what is wrong in them is a number, mostly, or their length. */
const NUMBERS = /\.bin$|shard\d+of\d+$|\.data-\d+-of-\d+$|\.pb$/;

/**
 * One damaged file or folder: the same for the same seed and number, whatever was made before it.
 * @param format of the samples, by its place among all
 */
export function mutateSample(samples: readonly Sample[], format: number, seed: number, at: number): Sample {
  const random = seededRandom(seed, format, at);
  const sample = pick(random, samples);
  const files = new Map(sample.files);
  const rounds = chance(random, 0.75) ? 1 : 2 + below(random, 2);
  for (let round = 0; round < rounds; round++) {
    const name = pickFile([...files.keys()], sample.open, random);
    const bytes = files.get(name)!;
    if (files.size > 1 && chance(random, 0.03)) files.delete(name);
    else files.set(name, mutateContent(name, bytes, random));
    if (files.size === 0) break;
  }
  return { ...sample, files };
}

/** Mostly one that says what is where; the file that is opened as often as all others together. */
function pickFile(names: readonly string[], open: string, random: Random): string {
  if (names.includes(open) && chance(random, 0.5)) return open;
  const telling = names.filter((name) => name === open || !NUMBERS.test(name) || name.endsWith('_model.pb'));
  return pick(random, telling.length > 0 && chance(random, 0.85) ? telling : names);
}
