import { below, pick } from '../draw';
import { LARGEST_FILE, type Mutator } from './mutator';

const ODD = [
  ...[
    '"',
    '""',
    '\r\n',
    '\n\n',
    ',,,',
    '\0',
    '\ufeff',
    '../',
    '/etc/passwd',
    ';',
    '\t',
    '-1',
    'NaN',
    '1e999',
  ],
  ...['"unclosed', '\ud83d\ude00', 'x'.repeat(3000), ','.repeat(3000), '\n'.repeat(3000)],
];

/** Lines of a table with odd things between them. */
export const mutateText: Mutator = (bytes, random) => {
  const buffer = Buffer.from(bytes);
  const text = buffer.toString('latin1');
  const at = below(random, text.length + 1);
  const end = Math.min(text.length, at + below(random, 8));
  const made = text.slice(0, at) + Buffer.from(pick(random, ODD)).toString('latin1') + text.slice(end);
  return Buffer.from(made, 'latin1').subarray(0, LARGEST_FILE);
};
