import { Failure } from '../core/failure';
import { sizeOf, type WeightRef } from '../core/graph/layerGraph';
import { initialValues } from '../core/initializers/initialValues';
import { ByteSource } from './byteSource';
import type { WeightReader } from './format';
import { H5Sources } from './h5/sources';
import { rearrange } from './rearrange';
import { extentOf, gather } from './strides';
import { dequantize, ITEM_BYTES, reverseNumbers, toFloat32 } from './weightBytes';
import { t } from '../l10n/translate';

/**
 * Reads weights wherever they are. Files stay open until `close`; what is read belongs to the caller.
 * `read` rejects with a Failure (`WEIGHT_SIZE`, `FILE_SHORT`, `H5_…`) where the bytes are not what the shape says.
 */
export function openWeights(): WeightReader {
  const files = new ByteSource();
  const h5Files = new H5Sources();
  const reader: WeightReader = {
    async read(weight: WeightRef): Promise<Float32Array> {
      const { source, shape } = weight;
      switch (source.from) {
        case 'initializer':
          return initialValues(source.initializer, shape, source.seed);
        case 'dataset': {
          const file = await h5Files.open(source.path, source.entry);
          return file.readNumbers(source.dataset, shape);
        }
        case 'rearranged': {
          const parts: { readonly shape: readonly number[]; readonly values: Float32Array }[] = [];
          for (const part of source.parts) {
            const values = await reader.read({ ...weight, ...part });
            parts.push({ shape: part.shape, values });
          }
          const values = rearrange(parts, source.how);
          if (values.length === sizeOf(shape)) return values;
          throw new Failure(
            'input',
            'WEIGHT_SIZE',
            t(
              'weight "{0}": found {1} numbers, expected {2} for [{3}]',
              weight.name,
              values.length,
              sizeOf(shape),
              shape.join(', '),
            ),
          );
        }
        case 'ranges': {
          const { quantization, strides, byteOrder, view = shape } = source;
          const dtype = quantization?.dtype ?? weight.dtype;
          const expected = (strides ? extentOf(view, strides) : sizeOf(shape)) * ITEM_BYTES[dtype];
          const found = source.ranges.reduce((sum, range) => sum + range.byteLength, 0);
          if (found !== expected) {
            throw new Failure(
              'input',
              'WEIGHT_SIZE',
              t(
                'weight "{0}": found {1} bytes, expected {2} for [{3}] of {4}',
                weight.name,
                found,
                expected,
                shape.join(', '),
                dtype,
              ),
              source.ranges[0] && { path: source.ranges[0].path },
            );
          }
          const bytes = await files.read(source.ranges);
          if (byteOrder === 'big') reverseNumbers(bytes, ITEM_BYTES[dtype]);
          const values = quantization
            ? dequantize(bytes, quantization, weight.dtype)
            : toFloat32(bytes, dtype);
          return strides ? gather(values, view, strides) : values;
        }
      }
    },
    async close(): Promise<void> {
      await h5Files.close();
      await files.close();
    },
  };
  return reader;
}
