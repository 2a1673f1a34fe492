import { Failure } from '../../core/failure';
import type { FileRange } from '../../core/graph/layerGraph';
import { int64Of, type WireRange } from '../protobuf/wire';
import { scanFields, type WireSource } from '../protobuf/wireSource';
import { rowMajorStrides } from '../strides';
import { MAX_PIECES } from './bounds';
import { t } from '../../l10n/translate';

/** A part of a variable along one axis; length -1 is all of it. */
export interface Extent {
  readonly start: number;
  readonly length: number;
}

/** A part of a variable, an extent an axis. */
export type Slice = readonly Extent[];

interface Part {
  readonly range: FileRange;
  readonly shape: readonly number[];
}

/** A `TensorSliceProto`. */
export async function readExtents(source: WireSource, range: WireRange): Promise<Slice> {
  const extents: Extent[] = [];
  for (const field of await scanFields(source, range)) {
    if (field.number !== 1) continue;
    let start = 0;
    let length = -1;
    for (const { number, value } of await scanFields(source, field)) {
      if (number === 1) start = int64Of(value, t('the start of a slice'));
      if (number === 2) length = int64Of(value, t('the length of a slice'));
    }
    extents.push({ start, length });
  }
  return extents;
}

interface Row {
  readonly at: number;
  readonly length: number;
  readonly range: FileRange;
}

/**
 * The stretches of data files that make a variable which was saved in slices (partitioned in TensorFlow 1): each slice
 * is cut into rows that lie together in the whole.
 * @throws Failure `BUNDLE_SLICES` where they overlap or leave something out
 */
export function joinSlices(
  name: string,
  shape: readonly number[],
  itemBytes: number,
  slices: readonly Slice[],
  find: (slice: Slice) => Part | undefined,
): readonly FileRange[] {
  const strides = rowMajorStrides(shape);
  const rows: Row[] = [];
  for (const slice of slices) {
    const part = slice.length === shape.length ? find(slice) : undefined;
    if (!part) throw bad(name, t('a slice that is not there'), t('one for each that the index lists'));
    const sizes = shape.map((size, axis) => (slice[axis]!.length < 0 ? size : slice[axis]!.length));
    const starts = slice.map(({ start, length }) => (length < 0 ? 0 : start));
    const fits = shape.every((size, axis) => starts[axis]! >= 0 && starts[axis]! + sizes[axis]! <= size);
    if (!fits || sizes.join() !== part.shape.join()) {
      throw bad(name, t('a slice of [{0}]', part.shape.join(', ')), t('one inside [{0}]', shape.join(', ')));
    }
    rows.push(...cutRows(name, shape, sizes, starts, strides, itemBytes, part.range));
    if (rows.length > MAX_PIECES) throw bad(name, t('more than {0} pieces', MAX_PIECES), t('fewer'));
  }
  rows.sort((a, b) => a.at - b.at);
  let at = 0;
  for (const row of rows) {
    if (row.at !== at)
      throw bad(name, t('slices that do not meet at number {0}', at), t('ones that cover it once'));
    at += row.length;
  }
  const total = shape.reduce((product, size) => product * size, 1);
  if (at !== total) throw bad(name, t('slices of {0} numbers', at), `${total}`);
  return rows.map(({ range }) => range);
}

function cutRows(
  name: string,
  shape: readonly number[],
  sizes: readonly number[],
  starts: readonly number[],
  strides: readonly number[],
  itemBytes: number,
  range: FileRange,
): readonly Row[] {
  // Axes from here on are whole, so that what is inside one place of the axes before lies together.
  let whole = shape.length;
  while (whole > 0 && sizes[whole - 1] === shape[whole - 1]) whole--;
  const outer = sizes.slice(0, Math.max(0, whole - 1));
  const count = outer.reduce((product, size) => product * size, 1);
  if (count > MAX_PIECES) throw bad(name, t('a slice of {0} pieces', count), t('at most {0}', MAX_PIECES));
  const length = sizes.slice(Math.max(0, whole - 1)).reduce((product, size) => product * size, 1);
  const first = starts.reduce((sum, start, axis) => sum + start * (strides[axis] ?? 1), 0);
  return Array.from({ length: count }, (_, row) => {
    let rest = row;
    let at = first;
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      at += (rest % outer[axis]!) * strides[axis]!;
      rest = Math.floor(rest / outer[axis]!);
    }
    const byteLength = length * itemBytes;
    return { at, length, range: { path: range.path, offset: range.offset + row * byteLength, byteLength } };
  });
}

function bad(name: string, found: string, expected: string): Failure {
  return new Failure('input', 'BUNDLE_SLICES', t('"{0}": found {1}, expected {2}', name, found, expected));
}
