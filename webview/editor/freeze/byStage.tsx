import { useState } from 'react';
import type { CSSProperties, KeyboardEvent } from 'react';
import { frozenStages } from '../../../src/core/freeze/stages';
import type { ModelView } from '../../../src/protocol/editor';
import { Icon } from '../../ui/icon';
import { useEditor } from '../editorContext';
import { Section } from '../inspector/section';
import { matchedIds } from '../model/matching';
import { indexModel } from '../model/modelIndex';
import { count, countedLayers, shortCount } from '../model/text';
import { listStages, stagesIn } from './stages';
import { t, tn } from '../../../src/l10n/translate';

/** The first so many stages by one slider: lit and counted while it is dragged, an edit when it is let go. */
export function ByStage({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  const stages = stagesIn(model);
  const set = Math.min(frozenStages(model.recipe.freeze), stages.length);
  // Of this model alone: an edit, whosever it is, puts the slider where the recipe has it.
  const [dragged, setDragged] = useState<{ readonly model: ModelView; readonly stages: number } | null>(null);
  const now = dragged?.model === model ? dragged.stages : set;
  if (stages.length === 0) return null;

  const drag = (wanted: number) => {
    setDragged({ model, stages: wanted });
    controller.preview({ type: 'freezeStages', stages: wanted });
    controller.light(wanted === 0 ? null : matchedIds(indexModel(model), { stages: wanted }));
  };
  const stop = () => {
    setDragged(null);
    controller.preview(null);
    controller.light(null);
  };
  const release = () => {
    if (dragged?.model !== model) return;
    if (dragged.stages === set) stop();
    else controller.freezeStages(dragged.stages);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || dragged === null) return;
    stop();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Section
      title={t('By stage')}
      aside={<span className="section-count">{t('{0} of {1}', now, stages.length)}</span>}
    >
      <input
        type="range"
        className="stage-slider"
        min={0}
        max={stages.length}
        step={1}
        value={now}
        style={{ '--share': now / stages.length } as CSSProperties}
        aria-label={t('Frozen stages, from the first')}
        aria-valuetext={
          now === 0
            ? t('no stage')
            : tn(
                stages.length,
                '{0} of {1} stage: {2}',
                '{0} of {1} stages: {2}',
                now,
                count(stages.length),
                listStages(stages, now),
              )
        }
        title={t('Freezes the first stages: runs of layers at one resolution')}
        onChange={(event) => drag(Number(event.currentTarget.value))}
        onPointerUp={release}
        onKeyUp={release}
        onBlur={release}
        onKeyDown={press}
      />
      <ol className="stages" aria-hidden="true">
        {stages.map(({ resolution, layers, params }, place) => (
          <li key={place} className="stage-row" data-frozen={place < now || undefined}>
            <Icon name={place < now ? 'lock' : 'unlock'} />
            <span className="stage-name">{resolution || t('Stage {0}', place + 1)}</span>
            <span className="row-aside">{countedLayers(layers)}</span>
            <span className="stage-params" title={t('{0} parameters', count(params))}>
              {shortCount(params)}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
