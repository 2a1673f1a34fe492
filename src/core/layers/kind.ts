import type * as z from 'zod';
import type { Initializer, LayerConfig, Shape, WeightRef } from '../graph/layerGraph';
import { t } from '../../l10n/translate';

/** A weight that a layer of some kind must have: Keras's name and shape, and how it starts. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: WeightRef['role'];
  readonly initializer: Initializer;
}

/** Shelves of the catalogue, as Keras's documentation groups its layers. */
export type Family =
  | 'core'
  | 'convolution'
  | 'pooling'
  | 'normalization'
  | 'regularization'
  | 'activation'
  | 'merging'
  | 'reshaping'
  | 'preprocessing'
  | 'recurrent'
  | 'attention'
  /** Operations on raw tensors, which are no layers of Keras. */
  | 'operation';

/**
 * One kind of layer: everything about it that can be said without a tensor. `C` is the normal form of its
 * configuration, Keras 3's keys with every default filled in.
 */
export interface LayerKind<C extends LayerConfig = LayerConfig> {
  readonly name: string;
  readonly family: Family;
  /** Accepts any version's configuration, refuses what it cannot mean, returns the normal form. */
  readonly schema: z.ZodType<C>;
  /** How many tensors a call takes. */
  readonly arity: readonly [least: number, most: number];
  /** @throws ShapeMismatch when the inputs cannot feed such a layer */
  weights(config: C, inputs: readonly Shape[]): readonly WeightSpec[];
  /** @throws ShapeMismatch when the inputs cannot feed such a layer */
  outputs(config: C, inputs: readonly Shape[]): readonly Shape[];
  /** Multiply-adds count as two; for one sample. Unknown sizes count as one, activation functions as nothing. */
  flops(config: C, inputs: readonly Shape[], outputs: readonly Shape[]): number;
  /** How many times coarser its output is than its input, below one for upsampling; one where left out. */
  stride?(config: C): number;
}

/** What met what, when a layer cannot take its inputs. Becomes a `Fault` on the layer. */
export class ShapeMismatch extends Error {
  override readonly name = 'ShapeMismatch';
  constructor(
    readonly found: string,
    readonly expected: string,
  ) {
    super(t('found {0}, expected {1}', found, expected));
  }
}

/** No tensor of a real model has as many sizes; a damaged one may have any number. */
const MOST_SIZES = 32;

/** `(None, 224, 224, 3)`, as Keras prints it; of very many sizes the first. */
export function showShape(shape: Shape): string {
  const sizes = shape.slice(0, MOST_SIZES).map((size) => size ?? 'None');
  const rest = shape.length === 1 ? ',' : shape.length > MOST_SIZES ? ', …' : '';
  return `(${sizes.join(', ')}${rest})`;
}
