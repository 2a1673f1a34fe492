import type { LayerCall } from './draft';

/**
 * Computes on a tensor with its channels first, as ONNX's operators for space have it, and puts the result back: images
 * lie so in the file anyway, signals and volumes between two Transposes, and where the layer itself has its channels
 * first the file's order is turned instead.
 */
export function overSpace(
  call: LayerCall,
  compute: (x: string) => string,
  x: string = call.input.name,
): string {
  const rank = call.input.shape.length;
  const isFirst = call.config.data_format === 'channels_first';
  const outputRank = call.output.length;
  if (isFirst) {
    const turned = call.draft.toLast(call.name, { name: x, shape: call.input.shape });
    return call.draft.toFirst(call.name, compute(turned), outputRank);
  }
  if (rank === 4) return compute(x);
  const order = Array.from({ length: rank }, (_, axis) => axis);
  const toFirst = [0, rank - 1, ...order.slice(1, -1)];
  const toLast = [0, ...order.slice(2), 1];
  const turned = call.node('Transpose', [x], { perm: toFirst }, 'channels_first');
  const made = compute(turned);
  return outputRank === rank ? call.node('Transpose', [made], { perm: toLast }, 'channels_last') : made;
}
