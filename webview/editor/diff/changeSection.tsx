import { useEditorState } from '../editorContext';
import { Section } from '../inspector/section';
import { indexModel } from '../model/modelIndex';
import { changeOfLayer, FATE_WORDS } from './layerChange';
import { t } from '../../../src/l10n/translate';

/** While the model is compared with its file: what became of a layer, each thing before and after. */
export function ChangeSection({ id }: { readonly id: string }) {
  const comparison = useEditorState((state) => state.comparison);
  const change = comparison && changeOfLayer(comparison.base, comparison.after, id);
  if (!comparison || !change) return null;
  const { facts, weights } = change;
  const isNew = !indexModel(comparison.base).byId.has(id);
  const isGone = !indexModel(comparison.after).byId.has(id);
  const kept = weights.filter(({ fate }) => fate === 'kept').length;
  const isSame = facts.length === 0 && kept === weights.length;
  return (
    <Section
      title={t('Before and after')}
      aside={
        <span className="section-count">
          {isNew ? t('added') : isGone ? t('removed') : t('since the file')}
        </span>
      }
    >
      {isSame ? <p className="hint">{t('Nothing: the layer is as its file has it.')}</p> : null}
      {facts.length === 0 ? null : (
        <dl className="changes">
          {facts.map(({ name, before, after }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {before === null ? null : <del title={before}>{before}</del>}
                {after === null ? null : <ins title={after}>{after}</ins>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {weights.length === 0 || isSame ? null : (
        <ul className="changes-weights" aria-label={t('Weights')}>
          {weights.map(({ name, shape, fate, was }) => (
            <li key={name} data-kept={fate === 'kept' || undefined}>
              <span>{name}</span>
              <code>{was === undefined ? shape : `${was} → ${shape}`}</code>
              <span>{FATE_WORDS[fate]}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** A layer that surgery took away, selected where it was drawn before. */
export function RemovedPage({ id }: { readonly id: string }) {
  const layer = useEditorState(({ comparison }) => comparison && indexModel(comparison.base).byId.get(id));
  if (!layer) return null;
  return (
    <>
      <div className="page-head" data-family={layer.family}>
        <i className="family-swatch" />
        <div className="page-title">
          <h2>{layer.kind}</h2>
          <span>{layer.name}</span>
        </div>
      </div>
      <ChangeSection id={id} />
    </>
  );
}
