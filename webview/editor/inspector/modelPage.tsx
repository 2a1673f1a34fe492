import type { ModelView } from '../../../src/protocol/editor';
import { useEditor } from '../editorContext';
import { showShape } from '../model/shapeText';
import { memoryOf } from '../model/memory';
import { count } from '../model/text';
import { MODIFIER } from '../keyboard/modifier';
import { weightedKinds } from '../model/matching';
import { indexModel } from '../model/modelIndex';
import { Facts, Section } from './section';
import { factsOf } from './totalFacts';
import { t } from '../../../src/l10n/translate';

/** Nothing is selected: the model as a whole. */
export function ModelPage({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  const ends = [
    ...model.layers.filter(({ isInput }) => isInput).map((layer) => ({ layer, end: t('Input') })),
    ...model.layers.filter(({ isOutput }) => isOutput).map((layer) => ({ layer, end: t('Output') })),
  ];
  return (
    <>
      <div className="page-head">
        <div className="page-title">
          <h2>{model.name}</h2>
          <span>{model.file}</span>
        </div>
      </div>
      <Section title={t('Model')}>
        <Facts
          facts={[
            { name: t('Layers'), value: count(model.layers.length) },
            ...factsOf(model.totals, memoryOf(model.layers), model.weightsOnly === true),
          ]}
        />
      </Section>
      {ends.length === 0 ? null : (
        <Section title={t('Inputs and outputs')}>
          <ul className="names">
            {ends.map(({ layer, end }) => (
              <li key={`${end} ${layer.id}`}>
                <button
                  type="button"
                  className="row row-tall"
                  onClick={() => controller.select([layer.id], { reveal: true })}
                >
                  <span className="row-label">{end}</span>
                  <span className="row-main">{layer.name}</span>
                  <code className="row-aside">
                    {layer.outputShape === null ? t('unknown') : showShape(layer.outputShape)}
                  </code>
                </button>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={t('Layers with weights')}>
        <Facts
          facts={weightedKinds(indexModel(model)).map(({ kind, layers }) => ({ name: kind, value: layers }))}
        />
      </Section>
      <p className="hint page-hint">
        {t(
          'Click a layer to inspect it. {0}click adds to the selection, Shift-click selects all on the way, Shift-drag draws a box, the arrow keys walk along the graph. Scrolling pans, {1}scroll zooms. Press ? for every key.',
          MODIFIER,
          MODIFIER,
        )}
      </p>
    </>
  );
}
