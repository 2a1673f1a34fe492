import type { WeightGroup } from '../keras/attachWeights';
import type { H5File } from './h5File';

/** What a file's version makes of its words and numbers. */
export interface Dialect {
  /** Written by Keras 1. */
  readonly keras1: boolean;
  /** Kernels are those of Theano. */
  readonly theano: boolean;
  /** The file does not say what computed it: it is told by names. */
  readonly guessed: boolean;
}

/** Keys that every model of Keras 1 has some of, and no later one. */
const KERAS1_KEYS = /"(input_dtype|border_mode|dim_ordering|[Wb]_regularizer)"\s*:/;

/**
 * Which Keras wrote a file. Keras 1 said so from 1.2 on, and never with what it computed; but Theano's names of weights
 * are bare, TensorFlow's end in `:0`.
 */
export function dialectOf(file: H5File, config: string, groups: readonly WeightGroup[]): Dialect {
  const version = file.text('/', 'keras_version');
  const keras1 = version === undefined ? KERAS1_KEYS.test(config) : /^1(\.|$)/.test(version);
  const backend = file.text('/', 'backend');
  const paths = groups.flatMap(({ weights }) => weights.map(({ path }) => path));
  const bare = paths.length > 0 && !paths.some((path) => /:\d+$/.test(path));
  const guessed = backend === undefined;
  return { keras1, theano: guessed ? keras1 && bare : backend === 'theano', guessed };
}
