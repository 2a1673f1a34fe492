import { t } from '../../../l10n/translate';
import type { Recognize, Recognized } from '../draft';
import { flagOf } from '../graphDef';

/**
 * Images of another size. `Resizing` has the centres of pixels at halves, as TensorFlow 2 does; where the corners meet
 * or pixels are taken by their edges, as TensorFlow 1 does, a kind of its own says so.
 */
const resize =
  (interpolation: 'bilinear' | 'nearest'): Recognize =>
  (node, graph): Recognized => {
    const [input, size] = node.feeds;
    const [height, width] = graph.numbers(size) ?? [];
    if (!input || height === undefined || width === undefined)
      return { refuse: t('the size that it gives is computed') };
    const [corners, halves] = [flagOf(node, 'align_corners'), flagOf(node, 'half_pixel_centers')];
    const config = { height, width, interpolation };
    if (halves && !corners) return { make: { kind: 'Resizing', config, inputs: [input] } };
    return {
      make: { kind: 'ResizeByEdges', config: { ...config, align_corners: corners }, inputs: [input] },
    };
  };

export const resizings: Readonly<Record<string, Recognize>> = {
  ResizeBilinear: resize('bilinear'),
  ResizeNearestNeighbor: resize('nearest'),
};
