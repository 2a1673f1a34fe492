import { Failure } from '../../core/failure';
import type { Shape } from '../../core/graph/layerGraph';
import { int64Of, type WireRange } from '../protobuf/wire';
import { scanFields, type WireSource } from '../protobuf/wireSource';
import { MAX_RANK } from './bounds';
import { t } from '../../l10n/translate';

/** A `TensorShapeProto`: nothing where not even the rank is known. */
export async function readShape(source: WireSource, range: WireRange): Promise<Shape | undefined> {
  const shape: (number | null)[] = [];
  let unknownRank = false;
  for (const field of await scanFields(source, range)) {
    if (field.number === 3) unknownRank = field.value !== 0n;
    if (field.number !== 2) continue;
    let size = 0;
    for (const inner of await scanFields(source, field)) {
      if (inner.number === 1) size = int64Of(inner.value, t('a size of a shape'));
    }
    shape.push(size < 0 ? null : size);
    if (shape.length > MAX_RANK) {
      throw new Failure(
        'input',
        'TENSOR_SHAPE',
        t('byte {0}: found a shape of more than {1} axes, expected at most so many', range.offset, MAX_RANK),
      );
    }
  }
  return unknownRank ? undefined : shape;
}

/**
 * The sizes of a tensor that is stored.
 * @throws Failure `TENSOR_SHAPE` where one is unknown, or their product is more than can be counted
 */
export function storedShape(shape: Shape | undefined, what: string): readonly number[] {
  const sizes = shape?.filter((size) => size !== null);
  const product = sizes?.reduce((total, size) => total * size, 8);
  if (sizes && sizes.length === shape?.length && Number.isSafeInteger(product)) return sizes;
  const found = shape ? `(${shape.map((size) => size ?? t('unknown')).join(', ')})` : t('no shape');
  throw new Failure(
    'input',
    'TENSOR_SHAPE',
    t('{0}: found {1}, expected known sizes below 2^50', what, found),
  );
}
