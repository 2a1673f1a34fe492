import { IconButton } from '../../ui/button';
import { colourOf } from './chosenRuns';
import { t } from '../../../src/l10n/translate';

export interface LegendRun {
  readonly id: string;
  readonly name: string;
  readonly slot: number;
}

export interface RunLegendProps {
  readonly runs: readonly LegendRun[];
  /** Those whose curves are not drawn. */
  readonly hidden: readonly string[];
  readonly training: boolean;
  readonly validation: boolean;
  readonly onToggle: (id: string) => void;
  readonly onTraining: (shown: boolean) => void;
  readonly onValidation: (shown: boolean) => void;
  /** A person points at a run, or no longer at any. */
  readonly onPoint: (id: string | null) => void;
  readonly onRemove: (id: string) => void;
}

/** The runs' colours and names. A click hides a run's curves; pointing at it lets the others fade. */
export function RunLegend({
  runs,
  hidden,
  training,
  validation,
  onToggle,
  onTraining,
  onValidation,
  onPoint,
  onRemove,
}: RunLegendProps) {
  return (
    <div className="run-legend">
      <ul aria-label={t('Chosen runs')}>
        {runs.map(({ id, name, slot }) => {
          const shown = !hidden.includes(id);
          return (
            <li key={id} onMouseEnter={() => onPoint(id)} onMouseLeave={() => onPoint(null)}>
              <button
                type="button"
                className="legend-run"
                aria-pressed={shown}
                title={shown ? t('Hide the curves of {0}', name) : t('Show the curves of {0}', name)}
                onFocus={() => onPoint(id)}
                onBlur={() => onPoint(null)}
                onClick={() => onToggle(id)}
              >
                <span className="run-swatch" style={{ background: colourOf(slot) }} />
                {name}
              </button>
              <IconButton icon="close" label={t('Take {0} out', name)} onClick={() => onRemove(id)} />
            </li>
          );
        })}
      </ul>
      <div className="run-kinds" role="group" aria-label={t('Which curves are drawn')}>
        <button
          type="button"
          className="log-toggle"
          aria-pressed={training}
          onClick={() => onTraining(!training)}
        >
          <span className="line-kind" /> {t('Training')}
        </button>
        <button
          type="button"
          className="log-toggle"
          aria-pressed={validation}
          onClick={() => onValidation(!validation)}
        >
          <span className="line-kind dashed" /> {t('Validation')}
        </button>
      </div>
    </div>
  );
}
