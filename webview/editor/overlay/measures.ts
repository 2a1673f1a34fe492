import { sizeOf } from '../../../src/core/graph/layerGraph';
import { joinMovements, relativeMovement } from '../../../src/core/weights/movement';
import { joinSpreads } from '../../../src/core/weights/statistics';
import type { LayerSpread, LayerView } from '../../../src/protocol/editor';
import { activationBytes, showBytes } from '../model/memory';
import { shortCount } from '../model/text';
import { t } from '../../../src/l10n/translate';

export type OverlayId = 'parameters' | 'trainable' | 'flops' | 'activations' | 'mean' | 'spread' | 'movement';

export type Spreads = ReadonlyMap<string, LayerSpread>;

/** One thing that cards can show of their layers. */
export interface Measure {
  readonly id: OverlayId;
  readonly label: string;
  /** Of the numbers in the legend. */
  readonly unit: string;
  /**
   * `orders`: sizes over many orders of magnitude, on a logarithmic scale; `share`: from none to all; `signed`: to both
   * sides of zero.
   */
  readonly scale: 'orders' | 'share' | 'signed';
  /** What it is of the layers in a box, in words. */
  readonly boxes: string;
  /** Numbers of weights, which must be read first. */
  readonly measured: boolean;
  /** Of a layer, or of all in a box together; undefined where there is nothing to say. */
  of(layers: readonly LayerView[], spreads: Spreads): number | undefined;
  /** The value on a card. */
  show(value: number): string;
}

const sum = <Item>(items: readonly Item[], of: (item: Item) => number) =>
  items.reduce((total, item) => total + of(item), 0);

const positive = (value: number) => (value > 0 ? value : undefined);

/** `0.0123`, `1.2e-5` */
export function shortNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size < 1e-3 || size >= 1e5 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replace('-', '−').replace('e−', 'e-').replace('e+', 'e');
}

/** All parameters of several layers taken together; those that were not measured are left out. */
function spreadOf(layers: readonly LayerView[], spreads: Spreads): LayerSpread | undefined {
  const parts = layers.flatMap((layer) => {
    const spread = spreads.get(layer.id);
    const parameters = layer.weights.filter(({ role }) => role === 'parameter');
    return spread ? [{ ...spread, count: sum(parameters, ({ shape }) => sizeOf(shape)), notFinite: 0 }] : [];
  });
  const [only] = parts;
  return parts.length > 1 ? joinSpreads(parts) : only;
}

export const MEASURES: readonly Measure[] = [
  {
    id: 'parameters',
    label: t('Parameters'),
    unit: t('numbers'),
    scale: 'orders',
    boxes: t('the sum'),
    measured: false,
    of: (layers) => positive(sum(layers, ({ params }) => params)),
    show: shortCount,
  },
  {
    id: 'trainable',
    label: t('Trainable share'),
    unit: t('of parameters'),
    scale: 'share',
    boxes: t('the share of all its parameters'),
    measured: false,
    of: (layers) => {
      const params = sum(layers, (layer) => layer.params);
      return params === 0 ? undefined : sum(layers, (layer) => layer.trainableParams) / params;
    },
    show: (value) => `${value > 0 && value < 0.01 ? '<1' : Math.floor(value * 100)}%`,
  },
  {
    id: 'flops',
    label: 'FLOPs',
    unit: t('a sample'),
    scale: 'orders',
    boxes: t('the sum'),
    measured: false,
    of: (layers) => positive(sum(layers, ({ flops }) => flops)),
    show: shortCount,
  },
  {
    id: 'activations',
    label: t('Activation size'),
    unit: t('a sample'),
    scale: 'orders',
    boxes: t('the sum'),
    measured: false,
    of: (layers) => positive(sum(layers, (layer) => activationBytes(layer) ?? 0)),
    show: showBytes,
  },
  {
    id: 'mean',
    label: t('Weight mean'),
    unit: t('of parameters'),
    scale: 'signed',
    boxes: t('the mean of all its parameters'),
    measured: true,
    of: (layers, spreads) => spreadOf(layers, spreads)?.mean,
    show: shortNumber,
  },
  {
    id: 'spread',
    label: t('Weight spread'),
    unit: t('standard deviation'),
    scale: 'orders',
    boxes: t('the spread of all its parameters'),
    measured: true,
    of: (layers, spreads) => spreadOf(layers, spreads)?.deviation,
    show: shortNumber,
  },
  {
    id: 'movement',
    label: t('Weight movement'),
    unit: t('of what it was'),
    scale: 'orders',
    boxes: t('the movement of all its parameters'),
    measured: true,
    of: (layers, spreads) => {
      const parts = layers.flatMap(({ id }) => spreads.get(id)?.movement ?? []);
      return parts.length > 0 ? relativeMovement(joinMovements(parts)) : undefined;
    },
    show: shortNumber,
  },
];

export function measureOf(id: OverlayId): Measure {
  return MEASURES.find((measure) => measure.id === id)!;
}
