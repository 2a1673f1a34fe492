import type { LayerView } from '../../../src/protocol/editor';
import type { Shape } from '../../../src/core/graph/layerGraph';

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
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** One sample's sizes: `28×28×16`, `?` where a size is known only when data arrives. */
export function sampleShape(shape: Shape | null): string {
  if (shape === null) return 'unknown';
  const sizes = shape.slice(1);
  return sizes.length === 0 ? 'scalar' : sizes.map((size) => size ?? '?').join('×');
}

/** Sizes of a weight: `3×3×16×32`. */
export function weightShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join('×');
}

/** What a screen reader says of a node: everything that is drawn on it. */
export function describeLayer(layer: LayerView): string {
  const parts = [`${layer.kind} ${layer.name}`, `output ${sampleShape(layer.outputShape)}`];
  if (layer.params > 0) parts.push(`${count(layer.params)} parameters`);
  if (isFrozen(layer)) parts.push('frozen');
  if (layer.grafted) parts.push('new');
  if (layer.isInput) parts.push('model input');
  if (layer.isOutput) parts.push('model output');
  for (const fault of layer.faults) parts.push(`${fault.severity}: ${fault.message}`);
  return parts.join(', ');
}

/** A layer without weights has nothing to freeze, whatever its flag says. */
export function isFrozen(layer: LayerView): boolean {
  return !layer.trainable && layer.weights.length > 0;
}

/** Values of a configuration, short: `[3, 3]`, `"same"` as same, nested objects by their class name. */
export function configValue(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(configValue).join(', ')}]`;
  const named = value as { kind?: unknown; class_name?: unknown; name?: unknown };
  const name = named.kind ?? named.class_name ?? named.name;
  return typeof name === 'string' ? name : JSON.stringify(value);
}
