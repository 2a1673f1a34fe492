import { t } from '../../../l10n/translate';
import { transpose } from '../constants';
import type { Recognize, Recognized } from '../draft';
import { flagOf } from '../graphDef';
import { fusedTail } from './fusedTail';
import { matrices } from './products';

/** By a matrix that is stored: a Dense. */
const multiply: Recognize = (node, graph): Recognized => {
  const [input, matrix] = node.feeds;
  const stored = graph.constant(matrix);
  const turned = flagOf(node, 'transpose_a') || flagOf(node, 'adj_x');
  if (!input || !stored?.source || stored.shape.length !== 2 || turned || graph.constant(input)) {
    return node.op.startsWith('_')
      ? { refuse: t('its matrix is computed, not stored') }
      : matrices(node, graph);
  }
  const kernel = flagOf(node, 'transpose_b') || flagOf(node, 'adj_y') ? transpose(stored, [1, 0]) : stored;
  if (!kernel) return { refuse: t('its matrix is transposed, and where it is kept that cannot be read so') };
  const units = kernel.shape[1]!;
  const tail = fusedTail(node, graph, units);
  if (typeof tail === 'string') return { refuse: tail };
  return {
    make: {
      kind: 'Dense',
      config: { units, ...tail.config },
      inputs: [input],
      weights: { kernel, ...tail.weights },
    },
  };
};

export const matrixProducts: Readonly<Record<string, Recognize>> = {
  MatMul: multiply,
  _FusedMatMul: multiply,
  BatchMatMul: multiply,
  BatchMatMulV2: multiply,
  BatchMatMulV3: multiply,
};
