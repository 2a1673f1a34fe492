import { t } from '../../l10n/translate';
import type { H5Module } from './library';
import { MAX_ATTRIBUTE_BYTES } from './bounds';

/** HDF5's type class of texts (H5T_class_t). */
const STRING_CLASS = 3;

/**
 * The texts in an attribute; an empty list where it holds nothing.
 *
 * Not h5wasm's own `Attribute`: when a read fails that one frees the pointers it did not get, which stops the whole
 * WebAssembly module.
 * @returns undefined where it holds something else than texts
 * @throws what HDF5 says where it cannot be read
 */
export function readTexts(module: H5Module, file: bigint, at: string, name: string): string[] | undefined {
  const metadata = module.get_attribute_metadata(file, at, name);
  const { size, total_size: count, type, vlen } = metadata;
  if (!metadata.shape || count === 0) return [];
  if (type !== STRING_CLASS) return undefined;
  const bytes = size * count;
  if (bytes > MAX_ATTRIBUTE_BYTES)
    throw new Error(t('it has {0} bytes, expected at most {1}', bytes, MAX_ATTRIBUTE_BYTES));
  const address = module._malloc(bytes);
  if (address === 0) throw new Error(t('no memory for its {0} bytes', bytes));
  try {
    if (module.get_attribute_data(file, at, name, BigInt(address)) < 0) throw new Error(t('no reason given'));
    return vlen
      ? readReferences(module, file, at, name, address, count)
      : readInline(module, address, size, count);
  } finally {
    module._free(address);
  }
}

/** Texts of any length: HDF5 hands out pointers, and takes the memory back. */
function readReferences(
  module: H5Module,
  file: bigint,
  at: string,
  name: string,
  address: number,
  count: number,
): string[] {
  const pointers = new Uint32Array(module.HEAPU8.buffer, address, count).slice();
  const texts = Array.from(pointers, (pointer) => (pointer === 0 ? '' : readTerminated(module, pointer)));
  module.reclaim_vlen_memory(file, at, name, BigInt(address));
  return texts;
}

/** Not Emscripten's UTF8ToString: that one writes to the console about what is no text. */
function readTerminated({ HEAPU8: memory }: H5Module, pointer: number): string {
  const end = memory.indexOf(0, pointer);
  return new TextDecoder().decode(memory.slice(pointer, end < 0 ? memory.length : end));
}

/** Texts of one length, padded with zeros. */
function readInline(module: H5Module, address: number, size: number, count: number): string[] {
  const decoder = new TextDecoder();
  return Array.from({ length: count }, (_, index) => {
    const start = address + index * size;
    const bytes = module.HEAPU8.slice(start, start + size);
    const end = bytes.indexOf(0);
    return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
  });
}
