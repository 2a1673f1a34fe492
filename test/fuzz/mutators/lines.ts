import { below, chance, pick } from '../draw';
import { mutateJson } from './json';
import { LARGEST_FILE, type Mutator } from './mutator';

/** A log of a JSON object a line: lines damaged, doubled, gone, elsewhere, cut off, or run into the next. */
export const mutateLines: Mutator = (bytes, random) => {
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  for (let count = 1 + below(random, 3); count > 0 && lines.length > 1; count--) {
    const at = below(random, lines.length - 1);
    const line = lines[at]!;
    if (chance(random, 0.6)) {
      const damaged = mutateJson(new Uint8Array(Buffer.from(line, 'latin1')), random);
      lines[at] = damaged === undefined ? line : Buffer.from(damaged).toString('latin1');
    } else {
      const other = below(random, lines.length);
      pick(random, [
        () => lines.splice(at, 1),
        () => lines.splice(other, 0, line),
        () => lines.splice(at, 2, line + (lines[at + 1] ?? '')),
        () => lines.splice(at, 1, line.slice(0, below(random, line.length + 1))),
        () => lines.splice(below(random, lines.length), 0, ...lines.splice(at, 1)),
        () => lines.splice(other),
      ])();
    }
  }
  return Buffer.from(lines.join('\n'), 'latin1').subarray(0, LARGEST_FILE);
};
