import type { Judgement } from '../../../src/core/run/judgement';
import { Icon } from '../../ui/icon';
import { formatAge, formatCount, formatMetric, metricTitle } from '../formatNumbers';
import { t } from '../../../src/l10n/translate';

/** What was judged, when, and what the plan's metrics say of it. */
export function JudgementFacts({ judgement, now }: { readonly judgement: Judgement; readonly now: number }) {
  const { model, samples, metrics, engine, time, notes } = judgement;
  const what =
    model.kind === 'result'
      ? t('The run’s result')
      : t('Checkpoint {0}', model.path.split('/').at(-2) ?? model.path);
  const known = Object.entries(metrics).filter(([name]) => name !== 'accuracy');
  return (
    <div className="judgement-facts">
      <p>
        <b>{what}</b> {t('on {0} held-out samples', formatCount(samples))}
        {known.map(([name, value]) => ` · ${metricTitle(name)} ${formatMetric(name, value)}`).join('')}
        <span className="judgement-when">{`${engine}, ${formatAge(time, now)}`}</span>
      </p>
      {notes.map((note) => (
        <p className="judgement-note" key={note}>
          <Icon name="warning" /> {note}
        </p>
      ))}
    </div>
  );
}
