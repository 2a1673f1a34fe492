import { sizeOf } from '../../core/graph/layerGraph';
import type { Tensorlike } from '../batch';

/** How the features of one sample lie in memory and on disk: its tensors one after another, row-major, float32. */
export interface Layout {
  readonly samples: number;
  /** Of one sample, without the batch. */
  readonly shapes: readonly (readonly number[])[];
}

/** Numbers a sample. */
export function recordSize({ shapes }: Layout): number {
  return shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
}

export function bytesOf(layout: Layout): number {
  return layout.samples * recordSize(layout) * Float32Array.BYTES_PER_ELEMENT;
}

/** Batches of tensors as records, one a sample. */
export function toRecords(tensors: readonly Tensorlike[], { shapes }: Layout): Float32Array<ArrayBuffer> {
  const sizes = shapes.map(sizeOf);
  const record = sizes.reduce((sum, size) => sum + size, 0);
  const count = tensors[0]?.shape[0] ?? 0;
  const records = new Float32Array(count * record);
  let begin = 0;
  for (const [index, { data }] of tensors.entries()) {
    const size = sizes[index];
    for (let row = 0; row < count; row++) {
      records.set(data.subarray(row * size, (row + 1) * size), row * record + begin);
    }
    begin += size;
  }
  return records;
}

/** Records as batches of tensors. */
export function toTensors(records: Float32Array, { shapes }: Layout): readonly Tensorlike[] {
  const sizes = shapes.map(sizeOf);
  const record = sizes.reduce((sum, size) => sum + size, 0);
  const count = records.length / record;
  let end = 0;
  return shapes.map((shape, index) => {
    const begin = end;
    end += sizes[index];
    const data = new Float32Array(count * sizes[index]);
    for (let row = 0; row < count; row++) {
      data.set(records.subarray(row * record + begin, row * record + end), row * sizes[index]);
    }
    return { data, shape: [count, ...shape] };
  });
}
