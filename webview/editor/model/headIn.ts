import type { HeadOptions } from '../../../src/core/surgery/head';
import { headLayers } from '../../../src/core/surgery/head';
import type { NewLayer } from '../../../src/core/surgery/recipe';
import { sameValue } from './sameValue';

/** The head that a chain of layers is, as the form has it; undefined where it is another chain. */
export function headIn(layers: readonly NewLayer[]): HeadOptions | undefined {
  const [first] = layers;
  const pooling = POOLINGS.find(([kind]) => first?.kind.startsWith(kind))?.[1] ?? 'none';
  const dense = layers.filter(({ kind }) => kind === 'Dense').map(({ config = {} }) => config);
  const answer = dense.at(-1);
  if (!answer) return undefined;
  const dropout = layers.find(({ kind }) => kind === 'Dropout')?.config?.['rate'] ?? 0;
  const activation = (['softmax', 'sigmoid', 'linear'] as const).find((one) => one === answer['activation']);
  const head: HeadOptions = {
    pooling,
    hiddenUnits: dense.slice(0, -1).map(({ units }) => Number(units)),
    dropout: Number(dropout),
    classes: Number(answer['units']),
    activation: activation ?? 'linear',
  };
  const axes = Number(/Pooling([123])D$/.exec(first?.kind ?? '')?.[1] ?? 2);
  const again = headLayers(head, axes === 1 || axes === 3 ? axes : 2);
  return sameValue(again, layers) ? head : undefined;
}

const POOLINGS = [
  ['GlobalAveragePooling', 'average'],
  ['GlobalMaxPooling', 'max'],
  ['Flatten', 'flatten'],
] as const;
