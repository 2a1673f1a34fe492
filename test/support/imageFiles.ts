/** A file in the IDX format of MNIST: unsigned bytes unless another type is named. */
export function idx(
  axes: readonly number[],
  values: readonly number[] | Uint8Array,
  type = 0x08,
): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * axes.length + values.length);
  bytes.set([0, 0, type, axes.length]);
  const view = new DataView(bytes.buffer);
  axes.forEach((axis, index) => view.setUint32(4 + 4 * index, axis));
  bytes.set(values, 4 + 4 * axes.length);
  return bytes;
}

/** An image of a binary batch of CIFAR: its labels, then a plane of each colour. */
export function cifarRecord(labels: readonly number[], color: readonly [number, number, number]): Uint8Array {
  const planes = color.flatMap((value) => Array.from({ length: 1024 }, () => value));
  return Uint8Array.from([...labels, ...planes]);
}
