import type { Shape } from '../../../src/core/graph/layerGraph';

/** `(None, 224, 224, 3)`, as Keras prints it. */
export function showShape(shape: Shape): string {
  return `(${shape.map((size) => size ?? 'None').join(', ')}${shape.length === 1 ? ',' : ''})`;
}
