/**
 * Names that a weight has in older files, by kind and Keras 3's name. The first is what Keras 2 and TensorFlow.js write.
 */
const OLD_NAMES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  DepthwiseConv1D: { kernel: ['depthwise_kernel'] },
  DepthwiseConv2D: { kernel: ['depthwise_kernel'] },
};

/** Every name the weight may have in a file, the current one first. */
export function weightNames(kind: string, name: string): readonly string[] {
  return [name, ...(OLD_NAMES[kind]?.[name] ?? [])];
}

/**
 * Whether a path's last names are those of a weight of a layer with others inside it: `forward_lstm/lstm_cell/kernel`
 * that of `forward_layer/kernel`, `query/bias` that of itself.
 * @param segments of the path, the weight's own name last
 */
export function endsLike(segments: readonly string[], kind: string, name: string): boolean {
  const [place, ...rest] = name.split('/');
  const own = rest.at(-1) ?? place!;
  if (!weightNames(kind, own).includes(segments.at(-1)!)) return false;
  switch (rest.length === 0 ? undefined : place) {
    case undefined:
    case 'layer':
      return true;
    case 'cell':
      // Of a stack, Keras's names say no more than the class; our own have the number.
      return rest.length === 1 || segments.at(-2) === rest[0];
    case 'forward_layer':
    case 'backward_layer':
      return segments.some((segment) => segment.startsWith(place!.replace('layer', '')));
    default:
      return segments.at(-2) === place;
  }
}

/** What Keras 2 and TensorFlow.js call it. */
export function oldWeightName(kind: string, name: string): string {
  return OLD_NAMES[kind]?.[name]?.[0] ?? name;
}

/** `["block", "conv", "kernel"]` of `block/conv/kernel:0`. */
export function splitWeightPath(path: string): readonly string[] {
  return path.replace(/:\d+$/, '').split('/');
}
