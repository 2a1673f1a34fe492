import type { Shape } from '../../../core/graph/layerGraph';
import { t } from '../../../l10n/translate';
import type { NodeCall } from '../nodeCall';
import { Unsupported } from '../unsupported';

/** A window slid over space, as an ONNX node says it, with the padding worked out as far as sizes are known. */
export interface Window {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Nothing where the padding depends on sizes that are unknown, and is TensorFlow's `same`. */
  readonly pads: readonly (readonly [number, number])[] | undefined;
  /** The same numbers come out of Keras's `same` or `valid`. */
  readonly padding: 'valid' | 'same' | undefined;
}

/** @param space of the input; unknown sizes are null, unknown shapes leave it out */
export function readWindow(call: NodeCall, size: readonly number[], space: Shape | undefined): Window {
  const rank = size.length;
  const strides = perAxis(call, 'strides', rank, 1);
  const dilations = perAxis(call, 'dilations', rank, 1);
  const reach = size.map((one, axis) => (one - 1) * (dilations[axis] ?? 1) + 1);
  const same = reach.map((one, axis) => samePads(space?.[axis] ?? null, one, strides[axis] ?? 1));
  const auto = call.text('auto_pad', 'NOTSET');
  const window = { size, strides, dilations };
  if (auto === 'SAME_UPPER') return { ...window, pads: allKnown(same), padding: 'same' };
  const pads =
    auto === 'SAME_LOWER' ? allKnown(same)?.map(([a, b]) => [b, a] as const) : explicitPads(call, auto, rank);
  if (!pads) throw new Unsupported(t('auto_pad is SAME_LOWER where the size of the image is not known'));
  const isValid = pads.every(([begin, end]) => begin === 0 && end === 0);
  const isSame = pads.every(([begin, end], axis) => same[axis]?.[0] === begin && same[axis]?.[1] === end);
  return { ...window, pads, padding: isValid ? 'valid' : isSame ? 'same' : undefined };
}

/**
 * What TensorFlow's `same` pads in front and behind, which depends on the size of the image unless the stride is one.
 */
function samePads(size: number | null, reach: number, stride: number): readonly [number, number] | undefined {
  if (size === null && stride > 1) return undefined;
  const rest = size === null || size % stride === 0 ? stride : size % stride;
  const total = Math.max(reach - rest, 0);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

function allKnown(pads: readonly (readonly [number, number] | undefined)[]) {
  const known = pads.filter((pad) => pad !== undefined);
  return known.length === pads.length ? known : undefined;
}

/** ONNX lists what is in front of every axis, then what is behind. */
function explicitPads(call: NodeCall, auto: string, rank: number): readonly (readonly [number, number])[] {
  const pads = auto === 'VALID' ? undefined : call.numbers('pads');
  if (pads && (pads.length !== 2 * rank || pads.some((pad) => pad < 0))) {
    throw new Unsupported(
      t('pads are [{0}], expected {1} sizes of at least 0', pads.slice(0, 8).join(', '), 2 * rank),
    );
  }
  return Array.from({ length: rank }, (_, axis) => [pads?.[axis] ?? 0, pads?.[axis + rank] ?? 0] as const);
}

export function perAxis(call: NodeCall, name: string, rank: number, missing: number): readonly number[] {
  const sizes = call.numbers(name) ?? Array.from({ length: rank }, () => missing);
  if (sizes.length === rank && sizes.every((size) => size >= 1)) return sizes;
  throw new Unsupported(
    t('{0} are [{1}], expected {2} sizes of at least 1', name, sizes.slice(0, 8).join(', '), rank),
  );
}
