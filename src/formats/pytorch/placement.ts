import { Failure } from '../../core/failure';
import { sizeOf, type FileRange, type WeightSource } from '../../core/graph/layerGraph';
import { extentOf, rowMajorStrides } from '../strides';
import { MAX_VIEW_NUMBERS } from './bounds';
import type { StorageValue, TensorValue } from './pickle/values';
import { t } from '../../l10n/translate';

/** Where the bytes of a storage's key are: all of them, not those of a part. */
export type StoragePlaces = (storage: StorageValue) => Promise<FileRange>;

/**
 * Where a tensor's numbers are, as a strided view of the file.
 * @param name of the tensor, for messages
 * @param whole where all that its storage's key names is
 * @throws Failure `PYTORCH_STORAGE` where the view reaches outside of the storage or the storage outside of the file's
 * bytes for it, `PYTORCH_SHAPE` for sizes that no tensor has
 */
export function placeTensor(
  name: string,
  tensor: TensorValue,
  whole: FileRange,
  byteOrder: 'big' | 'little',
): WeightSource {
  const { storage, type, shape, strides, offset } = tensor;
  const declared = storage.keyLength * storage.type.bytes;
  if (declared > whole.byteLength) {
    throw misplaced(
      name,
      t('a storage "{0}" of {1} bytes', storage.key, declared),
      `${whole.byteLength}`,
      whole,
    );
  }
  const numbers = sizeOf(shape);
  const extent = extentOf(shape, strides);
  if (!Number.isSafeInteger(numbers) || (numbers > extent && numbers > MAX_VIEW_NUMBERS)) {
    throw new Failure(
      'input',
      'PYTORCH_SHAPE',
      t(
        'tensor "{0}": found the shape [{1}] over {2} stored numbers, expected at most {3} where numbers repeat',
        name,
        shape.join(', '),
        extent,
        MAX_VIEW_NUMBERS,
      ),
      { path: whole.path, layer: name },
    );
  }
  const available = storage.length * storage.type.bytes;
  const end = numbers === 0 ? 0 : (offset + extent) * type.bytes;
  if (end > available) {
    throw misplaced(
      name,
      t('numbers up to byte {0} of the storage "{1}"', end, storage.key),
      `${available}`,
      whole,
    );
  }
  const start = whole.offset + storage.start * storage.type.bytes + offset * type.bytes;
  const ranges = numbers === 0 ? [] : [{ path: whole.path, offset: start, byteLength: extent * type.bytes }];
  return {
    from: 'ranges',
    ranges,
    ...(!isRowMajor(shape, strides) && { strides }),
    ...(byteOrder === 'big' && { byteOrder }),
  };
}

/** Strides of axes that have one place mean nothing. */
function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  const expected = rowMajorStrides(shape);
  return shape.every((size, axis) => size === 1 || strides[axis] === expected[axis]);
}

function misplaced(name: string, found: string, bytes: string, { path }: FileRange): Failure {
  return new Failure(
    'input',
    'PYTORCH_STORAGE',
    t(
      '{0}: tensor "{1}": found {2}, expected it within {3} bytes; the file is damaged',
      path,
      name,
      found,
      bytes,
    ),
    { path, layer: name },
  );
}
