import type { FileHandle } from 'node:fs/promises';
import { recordSize, type Layout } from './layout';

/** The features of every sample of a dataset, wherever they are kept. */
export interface Rows {
  readonly layout: Layout;
  readonly kept: 'memory' | 'disk';
  /** The records of these samples, one after another. */
  read(indices: Uint32Array): Promise<Float32Array<ArrayBuffer>>;
  close(): Promise<void>;
}

export function rowsInMemory(layout: Layout, records: Float32Array): Rows {
  const size = recordSize(layout);
  return {
    layout,
    kept: 'memory',
    read: async (indices) => {
      const rows = new Float32Array(indices.length * size);
      indices.forEach((index, row) =>
        rows.set(records.subarray(index * size, (index + 1) * size), row * size),
      );
      return rows;
    },
    close: async () => undefined,
  };
}

/** @param begin of the records in the file, which is closed with the rows */
export function rowsInFile(layout: Layout, file: FileHandle, begin: number): Rows {
  const bytes = recordSize(layout) * Float32Array.BYTES_PER_ELEMENT;
  return {
    layout,
    kept: 'disk',
    read: async (indices) => {
      const rows = new Uint8Array(indices.length * bytes);
      await Promise.all(
        Array.from(indices, async (index, row) => {
          const { bytesRead } = await file.read(rows, row * bytes, bytes, begin + index * bytes);
          if (bytesRead !== bytes)
            throw new Error(`${bytesRead} of ${bytes} bytes of kept features are there`);
        }),
      );
      return new Float32Array(rows.buffer);
    },
    close: () => file.close(),
  };
}
