import type { Preprocess } from '../core/plan/trainingData';
import type { ZooEntry } from './architecture';

/** Of a parameter, in the published files. */
const NUMBER_BYTES = 4;

/** What a list shows of an entry; plain JSON. */
export interface ZooRow {
  readonly name: string;
  readonly family: string;
  readonly source: ZooEntry['source'];
  /** What the weights with the top take, in bytes: nobody publishes how long their files are. */
  readonly bytes: number;
  readonly parameters: number;
  readonly input: readonly [height: number, width: number];
  readonly leastInput: number;
  /** Per cent, as published. */
  readonly top1?: number;
  readonly preprocess: Preprocess;
  readonly licence: string;
  readonly cached: boolean;
}

export function rowOf(entry: ZooEntry, cached: ReadonlySet<string>): ZooRow {
  const { name, family, source, parameters, input, preprocess, publishedTop1, licence } = entry;
  return {
    name,
    family,
    source,
    bytes: bytesOf(parameters),
    parameters,
    input: input.size,
    leastInput: input.least,
    ...(publishedTop1 !== undefined && { top1: publishedTop1 }),
    preprocess,
    licence,
    cached: cached.has(name),
  };
}

/** What a file of so many parameters takes, names and padding aside. */
export function bytesOf(parameters: number): number {
  return parameters * NUMBER_BYTES;
}

/** `25.6 M` */
export function showParameters(count: number): string {
  return `${(count / 1e6).toFixed(1)} M`;
}

/** A mode's name; a formula of its own has none. */
export function showPreprocess(preprocess: Preprocess): string {
  return typeof preprocess === 'string' ? preprocess : 'own';
}
