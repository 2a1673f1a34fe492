import type { NewLayer } from './recipe';

/** A classification head as the form asks for it. */
export interface HeadOptions {
  readonly pooling: 'average' | 'max' | 'flatten' | 'none';
  /** Units of each hidden Dense layer, ReLU after each. */
  readonly hiddenUnits: readonly number[];
  /** The rate after each hidden layer, or before the classifier where there is none; 0 for no Dropout. */
  readonly dropout: number;
  readonly classes: number;
  readonly activation: 'softmax' | 'sigmoid' | 'linear';
}

/** How many spatial axes Keras pools over: steps, pictures, volumes. */
export type SpatialAxes = 1 | 2 | 3;

const POOLING: Readonly<Record<HeadOptions['pooling'], (axes: SpatialAxes) => readonly string[]>> = {
  average: (axes) => [`GlobalAveragePooling${axes}D`],
  max: (axes) => [`GlobalMaxPooling${axes}D`],
  flatten: () => ['Flatten'],
  none: () => [],
};

/**
 * The layers of a head, without names: the recipe's replay makes those up. The rank is not looked at: faults show it.
 *
 * @param axes of what the head hangs on, between the batch and the channels
 */
export function headLayers(options: HeadOptions, axes: SpatialAxes = 2): NewLayer[] {
  const dropout = options.dropout > 0 ? [{ kind: 'Dropout', config: { rate: options.dropout } }] : [];
  const dense = (units: number, activation: string) => ({ kind: 'Dense', config: { units, activation } });
  const hidden = options.hiddenUnits.flatMap((units) => [dense(units, 'relu'), ...dropout]);
  return [
    ...POOLING[options.pooling](axes).map((kind) => ({ kind })),
    ...(hidden.length > 0 ? hidden : dropout),
    dense(options.classes, options.activation),
  ];
}
