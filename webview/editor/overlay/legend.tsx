import { Button, IconButton } from '../../ui/button';
import { useEditor, useEditorState } from '../editorContext';
import { count } from '../model/text';
import { heatOf } from './heat';
import { STEPS, valueAt } from './marks';
import type { Marks } from './marks';
import { t } from '../../../src/l10n/translate';

/** What the colours mean: the scale with its ends and its middle, and how far measuring is. */
export function Legend({ marks }: { readonly marks: Marks }) {
  const { controller } = useEditor();
  const { measure, scale } = marks;
  return (
    <section className="legend" aria-label={t('Overlay')}>
      <div className="legend-head">
        <h2>{measure.label}</h2>
        <span>{measure.unit}</span>
        <IconButton
          icon="close"
          label={t('Turn the overlay off')}
          onClick={() => controller.showOverlay(null)}
        />
      </div>
      {measure.measured ? <Measuring /> : null}
      {scale ? (
        <Ramp marks={marks} scale={scale} />
      ) : measure.id === 'movement' ? (
        <NothingToCompare />
      ) : measure.measured ? null : (
        <p className="legend-note">{t('No layer of this model has any.')}</p>
      )}
    </section>
  );
}

/** Before is known of what a run has made alone; all may have stayed as it was. */
function NothingToCompare() {
  const noMovement = useEditorState(({ spreads }) => spreads.noMovement);
  const isDone = useEditorState(({ spreads }) => spreads.state === 'done' && spreads.problem === undefined);
  const isKnown = useEditorState(({ spreads }) =>
    [...spreads.layers.values()].some(({ movement }) => movement !== undefined),
  );
  if (noMovement !== undefined) {
    return (
      <p className="legend-note legend-problem" role="alert">
        {t('What the run began with cannot be read: {0}', noMovement)}
      </p>
    );
  }
  if (!isDone) return null;
  return (
    <p className="legend-note">
      {isKnown
        ? t('No weight has moved.')
        : t(
            'Only the result of a run has weights from before to compare with: open one from the list of runs.',
          )}
    </p>
  );
}

function Ramp({
  marks: { measure },
  scale,
}: {
  readonly marks: Marks;
  readonly scale: NonNullable<Marks['scale']>;
}) {
  const levels = Array.from({ length: STEPS + 1 }, (_, place) =>
    measure.scale === 'signed' ? place * 2 - STEPS : place,
  );
  const ends = [0, 0.5, 1].map((place) => measure.show(valueAt(measure, scale, place)));
  const [least = '', , most = ''] = ends;
  return (
    <>
      <div className="legend-ramp" role="img" aria-label={t('From {0} to {1}', least, most)}>
        {levels.map((level) => (
          <i key={level} style={{ background: heatOf(level) }} />
        ))}
      </div>
      <div className="legend-ends" aria-hidden="true">
        {ends.map((end, place) => (
          <span key={place}>{end}</span>
        ))}
      </div>
      {measure.scale === 'orders' && scale.least < scale.most ? (
        <p className="legend-note">{t('Logarithmic; a closed box shows {0}.', measure.boxes)}</p>
      ) : (
        <p className="legend-note">{t('A closed box shows {0}.', measure.boxes)}</p>
      )}
    </>
  );
}

/** Weights are read layer by layer, and the cards filled as they come. */
function Measuring() {
  const { controller } = useEditor();
  const { state, measured, total, problem } = useEditorState(({ spreads }) => spreads);
  if (problem !== undefined) {
    return (
      <p className="legend-note legend-problem" role="alert">
        {problem}
      </p>
    );
  }
  if (state === 'done') return null;
  if (state === 'none') {
    return (
      <div className="legend-row">
        <span>
          {measured > 0
            ? t('Stopped at {0} of {1}', count(measured), count(total))
            : t('Weights are not read yet')}
        </span>
        <Button onClick={() => controller.measureSpreads(true)}>{t('Measure')}</Button>
      </div>
    );
  }
  return (
    <div className="legend-row">
      <progress aria-label={t('Layers measured')} {...(total > 0 ? { value: measured, max: total } : {})} />
      <span role="status">{total > 0 ? t('{0} of {1}', count(measured), count(total)) : t('Reading')}</span>
      <Button onClick={() => controller.measureSpreads(false)}>{t('Stop')}</Button>
    </div>
  );
}
