import type { LayerView } from '../../../src/protocol/editor';
import { useEditor, useEditorState } from '../editorContext';
import { memoryOf } from '../model/memory';
import { count, countedLayers, isFrozen } from '../model/text';
import { totalsOf } from '../model/totals';
import { FreezeSwitch } from '../freeze/freezeSwitch';
import { Facts, Section } from './section';
import { factsOf } from './totalFacts';
import { t, tn } from '../../../src/l10n/translate';

/** So many names are listed; the rest is counted. */
const LISTED = 100;

/** Several layers: what they weigh together. */
export function SelectionPage({ layers }: { readonly layers: readonly LayerView[] }) {
  const { controller } = useEditor();
  const weighted = layers.filter(({ weights }) => weights.length > 0);
  const weightsOnly = useEditorState(({ model }) => model?.weightsOnly === true);
  const kinds = new Map<string, number>();
  for (const { kind } of layers) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return (
    <>
      <div className="page-head">
        <div className="page-title">
          <h2>{countedLayers(layers.length)}</h2>
          <span>
            {t(
              '{0} with weights, {1} frozen',
              countedLayers(weighted.length),
              layers.filter(isFrozen).length,
            )}
          </span>
        </div>
      </div>
      {weighted.length > 0 && !weightsOnly ? <FreezeSwitch layers={weighted} /> : null}
      <Section title={t('Together')}>
        <Facts facts={factsOf(totalsOf(layers), memoryOf(layers), weightsOnly)} />
      </Section>
      <Section title={t('Kinds')}>
        <Facts
          facts={[...kinds]
            .sort(([, a], [, b]) => b - a)
            .map(([name, members]) => ({ name, value: members }))}
        />
      </Section>
      <Section title={t('Layers')}>
        <ul className="names">
          {layers.slice(0, LISTED).map(({ id, kind, name, family }) => (
            <li key={id}>
              <button
                type="button"
                className="row"
                data-family={family}
                onClick={() => {
                  controller.select([id]);
                  controller.reveal(id);
                }}
              >
                <i className="family-swatch" />
                <span className="row-main">{name}</span>
                <span className="row-aside">{kind}</span>
              </button>
            </li>
          ))}
        </ul>
        {layers.length > LISTED ? (
          <p className="hint">
            {tn(
              layers.length - LISTED,
              'and {0} more layer',
              'and {0} more layers',
              count(layers.length - LISTED),
            )}
          </p>
        ) : null}
      </Section>
    </>
  );
}
