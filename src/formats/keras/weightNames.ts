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

/** What Keras 2 and TensorFlow.js call it. */
export function oldWeightName(kind: string, name: string): string {
  return OLD_NAMES[kind]?.[name]?.[0] ?? name;
}

/** `["block", "conv", "kernel"]` of `block/conv/kernel:0`. */
export function splitWeightPath(path: string): readonly string[] {
  return path.replace(/:\d+$/, '').split('/');
}
