import { open } from 'node:fs/promises';
import { Failure } from '../../core/failure';
import { sizeOf } from '../../core/graph/layerGraph';
import { MAX_HEADER_BYTES } from './bounds';
import { LENGTH_BYTES, METADATA } from './header';
import { t } from '../../l10n/translate';

/** The first tensor begins at a multiple of this, as the library has it. */
const ALIGNMENT = 8;

const SPACE = 0x20;

export interface TensorToWrite {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its numbers, row-major: asked for when their turn comes. */
  readonly values: () => Promise<Float32Array>;
  /** Whose it is, for the failure. */
  readonly layer?: string;
}

/**
 * Writes a new file of float32 tensors, one after another; nobody else may have the file yet.
 * @throws Failure `SAFETENSORS_HEADER` where there is more to say of them than the format takes
 */
export async function writeTensors(
  target: string,
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const header = formatHeader(tensors, metadata);
  const file = await open(target, 'wx');
  try {
    await file.writeFile(header);
    for (const tensor of tensors) {
      const numbers = await tensor.values();
      if (numbers.length !== sizeOf(tensor.shape)) throw wrongSize(tensor, numbers.length);
      await file.writeFile(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
    }
  } finally {
    await file.close();
  }
}

function formatHeader(
  entries: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let end = 0;
  const tensors = entries.map(({ name, shape }) => {
    const begin = end;
    end += 4 * sizeOf(shape);
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }] as const;
  });
  const json = Buffer.from(JSON.stringify(Object.fromEntries([[METADATA, metadata], ...tensors])));
  const length = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  if (length > MAX_HEADER_BYTES) {
    throw new Failure(
      'work',
      'SAFETENSORS_HEADER',
      t(
        "the model's configuration: found {0} bytes, expected at most {1} for safetensors; choose another format",
        json.length,
        MAX_HEADER_BYTES,
      ),
    );
  }
  const header = Buffer.alloc(LENGTH_BYTES + length, SPACE);
  header.writeBigUInt64LE(BigInt(length));
  json.copy(header, LENGTH_BYTES);
  return header;
}

function wrongSize({ name, shape, layer }: TensorToWrite, found: number): Failure {
  return new Failure(
    'work',
    'WEIGHT_SIZE',
    t('tensor "{0}": found {1} numbers, expected {2}', name, found, sizeOf(shape)),
    layer === undefined ? {} : { layer },
  );
}
