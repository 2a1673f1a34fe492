import type { StepColumns } from '../core/run/history';

/** Numbers as 32-bit offsets from a base where that loses nothing, else as they are; `null` where all are the base. */
export type PackedColumn =
  Float64Array | { readonly base: number; readonly length: number; readonly offsets: Float32Array | null };

/** Steps as they cross to a page: trainers' metrics are 32-bit floats, so a part is half of its columns. */
export interface PackedSteps {
  readonly length: number;
  readonly step: PackedColumn;
  readonly epoch: PackedColumn;
  readonly time: PackedColumn;
  readonly metrics: Readonly<Record<string, PackedColumn>>;
}

export function packSteps({ length, step, epoch, time, metrics }: StepColumns): PackedSteps {
  return {
    length,
    step: pack(step, step[0]),
    epoch: pack(epoch, epoch[0]),
    time: pack(time, time[0]),
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, column]) => [name, pack(column)])),
  };
}

export function unpackSteps({ length, step, epoch, time, metrics }: PackedSteps): StepColumns {
  return {
    length,
    step: unpack(step),
    epoch: unpack(epoch),
    time: unpack(time),
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, column]) => [name, unpack(column)])),
  };
}

function pack(values: Float64Array, base = 0): PackedColumn {
  const { length } = values;
  const offsets = new Float32Array(length);
  let others = 0;
  for (let index = 0; index < length; index++) {
    const value = values[index]!;
    const offset = Math.fround(value - base);
    // NaN is itself again; a negative zero or a sum that is rounded would not be.
    if (!Object.is(base + offset, value)) return values;
    offsets[index] = offset;
    if (offset !== 0) others++;
  }
  return { base, length, offsets: others === 0 ? null : offsets };
}

function unpack(column: PackedColumn): Float64Array {
  if (column instanceof Float64Array) return column;
  const { base, length, offsets } = column;
  if (!offsets) return new Float64Array(length).fill(base);
  const values = new Float64Array(offsets);
  if (base !== 0) for (let index = 0; index < length; index++) values[index]! += base;
  return values;
}
