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

const POOLING: Readonly<Record<HeadOptions['pooling'], readonly string[]>> = {
  average: ['GlobalAveragePooling2D'],
  max: ['GlobalMaxPooling2D'],
  flatten: ['Flatten'],
  none: [],
};

/** The layers of a head, without names: the recipe's replay makes those up. Rank is not looked at: faults show it. */
export function headLayers(options: HeadOptions): NewLayer[] {
  const dropout = options.dropout > 0 ? [{ kind: 'Dropout', config: { rate: options.dropout } }] : [];
  const dense = (units: number, activation: string) => ({ kind: 'Dense', config: { units, activation } });
  const hidden = options.hiddenUnits.flatMap((units) => [dense(units, 'relu'), ...dropout]);
  return [
    ...POOLING[options.pooling].map((kind) => ({ kind })),
    ...(hidden.length > 0 ? hidden : dropout),
    dense(options.classes, options.activation),
  ];
}
