import { IconButton } from '../ui/button';
import { t } from '../../src/l10n/translate';

export interface ChartToolsProps {
  readonly logarithmic: boolean;
  /** Left out for a metric that is never drawn on a logarithmic axis. */
  readonly onLogarithmic: ((logarithmic: boolean) => void) | undefined;
  /** Of the button that shows everything again: `Show the whole run`. */
  readonly wholeLabel: string;
  /** Left out where the whole is shown. */
  readonly onWhole: (() => void) | undefined;
}

/** What a chart's head has of buttons, whatever the chart shows. */
export function ChartTools({ logarithmic, onLogarithmic, wholeLabel, onWhole }: ChartToolsProps) {
  return (
    <>
      {onWhole && <IconButton icon="screen-normal" label={wholeLabel} onClick={onWhole} />}
      {onLogarithmic && (
        <button
          type="button"
          className="log-toggle"
          aria-pressed={logarithmic}
          title={t('Logarithmic axis')}
          onClick={() => onLogarithmic(!logarithmic)}
        >
          {t('log')}
        </button>
      )}
    </>
  );
}
