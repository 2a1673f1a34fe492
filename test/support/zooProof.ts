import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { zooEntries } from '../../src/zoo/registry';
import { repository } from './python';

/** Of the largest number that the framework puts out. */
export const ZOO_TOLERANCE = 1e-4;

/**
 * What two images must make of the outputs, of the largest of them: a network that says of all images the same would agree
 * however wrong it were.
 */
export const LEAST_SPREAD = 0.03;

/** What `npm run proof` found, entry by entry; committed. */
export const ZOO_PROOF = path.join(repository, 'bench/zooProof.json');
const TABLE = path.join(repository, 'bench/zooProof.md');

export interface ProvenEntry {
  /** With its version: `Keras 3.15.1`. */
  readonly framework: string;
  /** With the top, statistics counted too, as the framework counts them. */
  readonly parameters: number;
  /** SHA-256 of the graph that was proved: another one is to be proved again. */
  readonly structure: string;
  readonly engine: string;
  /** What was compared: `96×80`, `101×117 without top`. */
  readonly compared: string;
  /** The largest of all outputs compared, as a share of the framework's largest. */
  readonly difference: number;
  /** The least of what two images make of the outputs, likewise. */
  readonly spread: number;
  readonly seconds: number;
}

export type ZooProof = Readonly<Record<string, ProvenEntry>>;

export async function readZooProof(): Promise<ZooProof> {
  return JSON.parse(await readFile(ZOO_PROOF, 'utf8').catch(() => '{}')) as ZooProof;
}

/** Keeps what was found of an entry beside what is known of the others, as JSON and as a table. */
export async function keepProof(name: string, proven: ProvenEntry): Promise<void> {
  const known: ZooProof = { ...(await readZooProof()), [name]: proven };
  const inOrder = zooEntries().flatMap((entry) => {
    const found = known[entry.name];
    return found ? [[entry.name, found] as const] : [];
  });
  await writeFile(ZOO_PROOF, `${JSON.stringify(Object.fromEntries(inOrder), null, 2)}\n`);
  const rows = inOrder.map(
    ([entry, { framework, parameters, engine, compared, difference, spread, seconds }]) =>
      `| ${[
        ...[entry, framework, parameters.toLocaleString('en-US'), compared, engine],
        ...[difference.toExponential(1), spread.toFixed(2), seconds],
      ].join(' | ')} |`,
  );
  const missing = zooEntries().flatMap((entry) => (known[entry.name] ? [] : [entry.name]));
  const left = missing.length > 0 ? `\nNot proved yet: ${missing.join(', ')}.\n` : '';
  await writeFile(TABLE, `${INTRODUCTION}${rows.join('\n')}\n${left}`);
}

const INTRODUCTION = `# The zoo beside its frameworks

Written by \`npm run proof\`, which fails where an entry is not what its framework has. The framework makes each model with
random weights, normalizations with statistics of what comes to them, and saves them itself: Keras as a weights-only \`.h5\`
in the layout of the published files, torchvision as a state dict. The zoo takes the file and answers for two images: with
the classifier before its softmax, and without it with the last feature map. The difference is the largest of all outputs
compared, as a share of the framework's largest, and must be below 1e-4; the spread is what the two images make of the
outputs, the least of what was compared: a network that answers all images alike would prove nothing.

| entry | framework | parameters | compared | engine | difference | spread | seconds |
|---|---|---|---|---|---|---|---|
`;
