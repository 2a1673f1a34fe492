import { t } from '../../l10n/translate';
import { isJsonRecord, type JsonRecord } from './json';
import type { Operand, OperationLayer } from './operations';

/**
 * The part of a tensor that an index of NumPy says, as Keras 3 writes it: places, `__slice__`s and one `__ellipsis__`.
 * One that makes an axis and keeps the others whole makes just that. An index that does both, or is itself a tensor, is
 * left to people.
 */
export function getItem(
  { shape }: Extract<Operand, { readonly tensor: unknown }>,
  index: Operand,
): OperationLayer {
  const written = 'number' in index ? index.number : 'other' in index ? index.other : undefined;
  const listed: readonly unknown[] = Array.isArray(written) ? written : [written];
  if (listed.includes(null)) return newAxis(listed, shape);
  const places = listed.map(readPlace);
  if (places.includes(undefined)) return { opaque: t('its index is none of places and stretches') };
  const at = places.indexOf('rest');
  if (at < 0) return { kind: 'GetItem', config: { key: places } };
  const rest = shape ? shape.length - places.length + 1 : -1;
  if (rest < 0 || places.lastIndexOf('rest') !== at) return { opaque: t('its index has too many places') };
  const whole = Array.from({ length: rest }, () => ({ start: null, stop: null, step: null }));
  const key = [...places.slice(0, at), ...whole, ...places.slice(at + 1)];
  return { kind: 'GetItem', config: { key } };
}

/** `x[:, None]`, `x[..., None]`. */
function newAxis(listed: readonly unknown[], shape: readonly unknown[] | undefined): OperationLayer {
  const at = listed.indexOf(null);
  const places = listed.filter((one) => one !== null).map(readPlace);
  const whole = places.every((one) => one === 'rest' || (isJsonRecord(one) && isWhole(one)));
  if (
    !whole ||
    listed.length - places.length !== 1 ||
    places.indexOf('rest') !== places.lastIndexOf('rest')
  ) {
    return { opaque: t('its index makes axes and takes parts of others') };
  }
  const before = places.slice(0, at);
  if (!before.includes('rest')) return { kind: 'ExpandDims', config: { axis: at } };
  const after = places.length - at;
  return shape === undefined || after > shape.length
    ? { opaque: t('its index has too many places') }
    : { kind: 'ExpandDims', config: { axis: -1 - after } };
}

function isWhole({ start, stop, step }: JsonRecord): boolean {
  return (start ?? 0) === 0 && (stop ?? null) === null && (step ?? 1) === 1;
}

function readPlace(raw: unknown): unknown {
  if (typeof raw === 'number') return raw;
  if (!isJsonRecord(raw)) return undefined;
  if (raw.class_name === '__ellipsis__') return 'rest';
  return raw.class_name === '__slice__' ? raw.config : undefined;
}
