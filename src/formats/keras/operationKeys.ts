import { isJsonRecord } from './json';
import type { Operand, OperationLayer } from './operations';

/**
 * The part of a tensor that an index of NumPy says, as Keras 3 writes it: places, `__slice__`s and one `__ellipsis__`.
 * An index that makes an axis, or is itself a tensor, is left to people.
 */
export function getItem(
  { shape }: Extract<Operand, { readonly tensor: unknown }>,
  index: Operand,
): OperationLayer {
  const written = 'number' in index ? index.number : 'other' in index ? index.other : undefined;
  const listed: readonly unknown[] = Array.isArray(written) ? written : [written];
  const places = listed.map(readPlace);
  if (places.includes(undefined)) return { opaque: 'its index is none of places and stretches' };
  const at = places.indexOf('rest');
  if (at < 0) return { kind: 'GetItem', config: { key: places } };
  const rest = shape ? shape.length - places.length + 1 : -1;
  if (rest < 0 || places.lastIndexOf('rest') !== at) return { opaque: 'its index has too many places' };
  const whole = Array.from({ length: rest }, () => ({ start: null, stop: null, step: null }));
  const key = [...places.slice(0, at), ...whole, ...places.slice(at + 1)];
  return { kind: 'GetItem', config: { key } };
}

function readPlace(raw: unknown): unknown {
  if (typeof raw === 'number') return raw;
  if (!isJsonRecord(raw)) return undefined;
  if (raw.class_name === '__ellipsis__') return 'rest';
  return raw.class_name === '__slice__' ? raw.config : undefined;
}
