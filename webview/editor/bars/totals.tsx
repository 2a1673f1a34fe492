import { useEditorState } from '../editorContext';
import { memoryOf, showActivations, showBytes } from '../model/memory';
import type { ModelView } from '../../../src/protocol/editor';
import { count, countedLayers, isFrozen } from '../model/text';
import { t } from '../../../src/l10n/translate';

/** The bottom row: what the model weighs, and how much of it training would move; while an edit is dragged or written, then. */
export function Totals() {
  const model = useEditorState((state) => state.model);
  const preview = useEditorState((state) => state.preview);
  if (!model) return null;
  const { params, trainable, frozen, statistics } = preview?.totals ?? model.totals;
  const share = (part: number) => (params === 0 ? 0 : (part / params) * 100);
  const now = model.layers.filter(isFrozen).length;
  const frozenLayers = preview?.frozen ?? now;
  const isOther = JSON.stringify(preview?.totals ?? model.totals) !== JSON.stringify(model.totals);
  const bar = t('{0} of {1} parameters trainable', count(trainable), count(params));
  return (
    <footer className="totals" aria-label={t('Totals')} data-preview={isOther || undefined}>
      <dl className="totals-list">
        <Total name={t('Parameters')} value={params} />
        {model.weightsOnly ? null : (
          <>
            <Total name={t('Trainable')} value={trainable} swatch="trainable" />
            <Total name={t('Frozen')} value={frozen} swatch="frozen" />
            <Total name={t('Statistics')} value={statistics} swatch="statistics" />
          </>
        )}
      </dl>
      {model.weightsOnly ? null : (
        <div className="proportion" role="img" aria-label={bar} title={bar}>
          <span className="proportion-trainable" style={{ width: `${share(trainable)}%` }} />
          <span className="proportion-frozen" style={{ width: `${share(frozen)}%` }} />
          <span className="proportion-statistics" style={{ width: `${share(statistics)}%` }} />
        </div>
      )}
      {isOther ? (
        <span className="totals-preview" title={t('As it would be with the edit that is not made yet')}>
          {t('Preview')}
        </span>
      ) : (
        <MemoryOf model={model} />
      )}
      <span className="totals-layers">
        {countedLayers(model.layers.length)}
        {frozenLayers > 0 ? t(', {0} frozen', frozenLayers) : ''}
      </span>
    </footer>
  );
}

/** What the weights take, and the activations of one sample; inferred anew with every edit. */
function MemoryOf({ model }: { readonly model: ModelView }) {
  const memory = memoryOf(model.layers);
  const activations = showActivations(memory);
  return (
    <span
      className="totals-memory"
      title={
        model.weightsOnly
          ? t('What the weights take in memory')
          : memory.unknown === 0
            ? t('What the weights take in memory, and what all layers put out for one sample')
            : t(
                'What the weights take in memory, and what all layers put out for one sample; left out: {0} with sizes that only data tells',
                countedLayers(memory.unknown),
              )
      }
    >
      {model.weightsOnly
        ? t('{0} weights', showBytes(memory.weights))
        : t('{0} weights, {1} activations a sample', showBytes(memory.weights), activations)}
    </span>
  );
}

function Total({
  name,
  value,
  swatch,
}: {
  readonly name: string;
  readonly value: number;
  readonly swatch?: 'trainable' | 'frozen' | 'statistics';
}) {
  return (
    <div className="total">
      <dt>
        {swatch ? <i className={`swatch proportion-${swatch}`} /> : null}
        {name}
      </dt>
      <dd>{count(value)}</dd>
    </div>
  );
}
