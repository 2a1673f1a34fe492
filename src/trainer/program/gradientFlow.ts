import type { LayerId } from '../../core/graph/layerGraph';
import { innerLayers } from '../../core/layers/wrapping';
import { forwardOf } from '../layers/registry';
import { cannotTrain, type Program, type ProgramCall } from './program';
import { t } from '../../l10n/translate';

/**
 * Weights before a layer that rounds or looks things up get no gradient through it: Keras would leave them as they are
 * in silence.
 * @throws Failure of kind `input` (`LAYER_CANNOT_TRAIN`) that names such a layer behind one that is to be trained
 */
export function checkGradients({ calls }: Program, trainable: ReadonlySet<LayerId>): void {
  const learning = new Set<string>();
  for (const call of calls) {
    const isBehind = call.inputs.some((key) => learning.has(key));
    if (isBehind && stops(call)) {
      throw cannotTrain(
        call.layer,
        t('lets no gradient through to the layers before it that are to be trained'),
      );
    }
    if (isBehind || isTrained(call, trainable)) call.outputs.forEach((key) => learning.add(key));
  }
}

const isTrained = ({ layer }: ProgramCall, trainable: ReadonlySet<LayerId>): boolean =>
  trainable.has(layer.id) && layer.weights.some(({ role }) => role === 'parameter');

const stops = ({ entry, config }: ProgramCall): boolean =>
  entry.stopsGradient === true ||
  innerLayers(config).some(({ kind }) => forwardOf(kind)?.stopsGradient === true);
