import type { PublishedHash, PublishedWeights, ZooEntry } from '../architecture';
import { GraphBuilder, type Tensor } from './builder';
import { completeOptions, type BuildOptions, type InputSizes } from './options';

/** Where Keras publishes most of its weights. */
export const KERAS_APPLICATIONS = 'https://storage.googleapis.com/tensorflow/keras-applications/';

/** What an entry of `keras.applications` says of itself; all that is alike in all of them is added. */
export interface KerasArchitecture extends Omit<ZooEntry, 'source' | 'build' | 'input'> {
  /** In pixels: the default, which is square, and the least that Keras takes. */
  readonly size: number;
  readonly least: number;
  /** What Keras takes where nothing is said, if not `size` with the top and any size without it. */
  readonly defaults?: Pick<InputSizes, 'withTop' | 'withoutTop'>;
  /** What Keras calls the model, of the options. */
  readonly model: string | ((options: BuildOptions) => string);
  /** From the input to the output. */
  body(net: GraphBuilder, input: Tensor, options: BuildOptions): Tensor;
}

export function kerasEntry({ size, least, defaults, model, body, ...facts }: KerasArchitecture): ZooEntry {
  const sizes = { least, ...(defaults ?? { withTop: size, withoutTop: null }) };
  return {
    ...facts,
    source: 'keras',
    input: { size: [size, size], least },
    build(given = {}) {
      const options = completeOptions(facts.name, sizes, given);
      const net = new GraphBuilder(typeof model === 'string' ? model : model(options));
      return net.finish(body(net, net.input(options.input), options));
    },
  };
}

/** @param hash as Keras has it: MD5 of 32 digits, SHA-256 of 64 */
export function published(folder: string, file: string, hash?: string): PublishedWeights {
  const digest = hash && { hash: hashOf(hash) };
  return { url: `${folder}${file}`, file, ...digest };
}

function hashOf(digest: string): PublishedHash {
  return { algorithm: digest.length === 32 ? 'md5' : 'sha256', digest };
}
