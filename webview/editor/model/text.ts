import type { LayerView } from '../../../src/protocol/editor';
import type { Shape } from '../../../src/core/graph/layerGraph';
import { t, tn } from '../../../src/l10n/translate';

const grouped = new Intl.NumberFormat('en-US');

/** `4,640` */
export function count(value: number): string {
  return grouped.format(value);
}

/** `23.6 M`: three digits, for places without room. */
export function shortCount(value: number): string {
  for (const [unit, size] of [
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e3],
  ] as const) {
    // From the point where rounding would give a fourth digit.
    if (value >= size * 0.9995) return `${Number((value / size).toPrecision(3))} ${unit}`;
  }
  return String(value);
}

/** `1 layer`, `3 layers` */
export function countedLayers(value: number): string {
  return tn(value, '{0} layer', '{0} layers', count(value));
}

/** One sample's sizes: `28×28×16`, `?` where a size is known only when data arrives. */
export function sampleShape(shape: Shape | null): string {
  if (shape === null) return t('unknown');
  const sizes = shape.slice(1);
  return sizes.length === 0 ? t('scalar') : sizes.map((size) => size ?? '?').join('×');
}

/** Sizes of a weight: `3×3×16×32`. */
export function weightShape(shape: readonly number[]): string {
  return shape.length === 0 ? t('scalar') : shape.join('×');
}

/** What a screen reader says of a node: everything that is drawn on it. */
export function describeLayer(layer: LayerView): string {
  const parts = [`${layer.kind} ${layer.name}`, t('output {0}', sampleShape(layer.outputShape))];
  if (layer.params > 0) parts.push(t('{0} parameters', count(layer.params)));
  if (isFrozen(layer)) parts.push(t('frozen'));
  if (layer.grafted) parts.push(t('new'));
  if (layer.isInput) parts.push(t('model input'));
  if (layer.isOutput) parts.push(t('model output'));
  for (const { severity, message } of layer.faults) {
    parts.push(severity === 'error' ? t('error: {0}', message) : t('warning: {0}', message));
  }
  return parts.join(', ');
}

/** A layer without weights has nothing to freeze, whatever its flag says. */
export function isFrozen(layer: LayerView): boolean {
  return !layer.trainable && layer.weights.length > 0;
}

/** Values of a configuration, short: `[3, 3]`, `"same"` as same, nested objects by their class name. */
export function configValue(value: unknown): string {
  if (value === null || value === undefined) return t('none');
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(configValue).join(', ')}]`;
  const named = value as { kind?: unknown; class_name?: unknown; name?: unknown };
  const name = named.kind ?? named.class_name ?? named.name;
  return typeof name === 'string' ? name : JSON.stringify(value);
}
