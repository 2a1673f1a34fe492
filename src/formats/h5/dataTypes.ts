import type { Metadata } from 'h5wasm/node';
import type { DType } from '../../core/graph/layerGraph';
import { t } from '../../l10n/translate';

/** HDF5's type classes (H5T_class_t). */
const INTEGER_CLASS = 0;
const FLOAT_CLASS = 1;
export const OPAQUE_CLASS = 5;
const ENUM_CLASS = 8;

/** What weights are kept as. */
export const READABLE = [
  'float32',
  'float64',
  'float16',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'bool',
  'bfloat16',
] as const satisfies readonly DType[];

/**
 * What the items of a dataset are.
 * @param says Keras's own word for it, an attribute: HDF5 has no bfloat16, so it is kept as two nameless bytes
 * @returns undefined where they are no numbers
 */
export function dtypeOf({ type, size, signed, enum_type }: Metadata, says: string | undefined) {
  const name =
    type === FLOAT_CLASS
      ? `float${size * 8}`
      : type === INTEGER_CLASS
        ? `${signed ? '' : 'u'}int${size * 8}`
        : type === ENUM_CLASS && size === 1 && enum_type?.nmembers === 2
          ? 'bool'
          : type === OPAQUE_CLASS && size === 2 && says === 'bfloat16'
            ? 'bfloat16'
            : undefined;
  return READABLE.find((dtype) => dtype === name);
}

/** For people: what was found where numbers were expected. */
export function describeType({ type, size }: Metadata): string {
  return t("items of {0} bytes of HDF5's type class {1}", size, type);
}
