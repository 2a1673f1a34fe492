import { Icon } from '../../ui/icon';
import { useEditorState } from '../editorContext';
import { count, countedLayers } from '../model/text';
import { t, tn } from '../../../src/l10n/translate';

/** Above a file of weights without an architecture: what it is, and what it is good for. */
export function WeightsBanner() {
  const model = useEditorState((state) => state.model);
  if (!model?.weightsOnly) return null;
  const weights = model.layers.reduce((sum, layer) => sum + layer.weights.length, 0);
  return (
    <section className="weights-banner" aria-label={t('Weights only')}>
      <Icon name="database" />
      <div>
        <p className="weights-banner-title">
          {t(
            'Weights only: {0} in {1}, and no architecture.',
            tn(weights, '{0} tensor', '{0} tensors', count(weights)),
            countedLayers(model.layers.length),
          )}
        </p>
        <p>
          {t(
            'The file does not say how its layers are connected, so there is nothing to cut, train or export. Look at names, shapes and types here; to fine-tune, open a file of the whole model.',
          )}
        </p>
      </div>
    </section>
  );
}
