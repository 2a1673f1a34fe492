import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import type { KeyboardEvent } from 'react';
import 'uplot/dist/uPlot.min.css';
import { walk } from '../chartKeys';
import { ChartTools } from '../chartTools';
import { formatMetric, metricTitle } from '../formatNumbers';
import type { Palette } from '../palette';
import type { Range } from '../../../src/core/run/range';
import { usePlotted } from '../usePlotted';
import type { XScale } from '../xAxis';
import { OverlayChart } from './overlayChart';
import { readOverlay, type OverlayRow, type ReadRun } from './overlayReadout';
import { readRunColours } from './runColours';
import { OverlayTip } from './overlayTip';
import { t } from '../../../src/l10n/translate';

export interface OverlayPlotProps {
  readonly metric: string;
  readonly runs: readonly (ReadRun & { readonly scale: XScale })[];
  readonly range: Range;
  readonly whole: Range;
  readonly zoomed: boolean;
  readonly palette: Palette;
  readonly training: boolean;
  readonly validation: boolean;
  readonly emphasized: string | null;
  /** The place on x that is pointed at, in this chart or another. */
  readonly hovered: number | null;
  readonly logarithmic: boolean;
  /** Left out for a metric that is never drawn on a logarithmic axis. */
  readonly onLogarithmic: ((metric: string) => void) | undefined;
  readonly onHover: (x: number | null) => void;
  readonly onZoom: (range: Range | null) => void;
}

/** One metric of several runs. Drawn again for what changes its curves; a cursor that moves, moves alone. */
export const OverlayPlot = memo(function OverlayPlot(props: OverlayPlotProps) {
  const { metric, runs, range, whole, zoomed, palette, training, validation, emphasized, hovered } = props;
  const { logarithmic, onLogarithmic, onHover, onZoom } = props;
  // Where the tip stands: only on the chart that is pointed at itself.
  const [pointer, setPointer] = useState<{ readonly x: number; readonly y: number } | null>(null);
  // A run's colour is all that a chart's series know of it.
  const slots = runs.map(({ slot }) => slot).join(' ');
  const colours = useMemo(
    () => readRunColours(slots === '' ? [] : slots.split(' ').map(Number), palette),
    [slots, palette],
  );

  const make = useCallback(
    (element: HTMLElement) =>
      new OverlayChart(element, {
        ...{ metric, logarithmic, palette, colours, training, validation, onZoom },
        onHover: (x, at) => {
          onHover(x);
          setPointer(at ?? null);
        },
      }),
    [metric, logarithmic, palette, colours, training, validation, onHover, onZoom],
  );
  const { host, chart } = usePlotted(make);

  // Also after another chart was made.
  useLayoutEffect(() => {
    const [first] = runs;
    if (!first) return;
    const { format, increments } = first.scale;
    chart.current?.show({ runs, range, whole, format, increments });
  }, [chart, make, runs, range, whole]);
  useLayoutEffect(() => {
    const index = runs.findIndex(({ id }) => id === emphasized);
    chart.current?.emphasize(index < 0 ? null : index);
  }, [chart, make, runs, emphasized]);
  useEffect(() => {
    chart.current?.pointAt(hovered);
  }, [chart, hovered]);

  const title = metricTitle(metric);
  const rows = hovered === null ? [] : readOverlay(runs, metric, hovered);
  const [longest] = runs;
  return (
    <section className="chart" aria-label={title}>
      <header className="chart-header">
        <h2>{title}</h2>
        <span className="spring" />
        <ChartTools
          logarithmic={logarithmic}
          onLogarithmic={onLogarithmic && (() => onLogarithmic(metric))}
          wholeLabel={t('Show all of the runs')}
          onWhole={zoomed ? () => onZoom(null) : undefined}
        />
      </header>
      <div
        ref={host}
        className="plot"
        role="slider"
        tabIndex={0}
        aria-label={t('{0} of the chosen runs', title)}
        aria-valuemin={0}
        aria-valuemax={whole.max}
        aria-valuenow={hovered ?? 0}
        aria-valuetext={speak(metric, rows, hovered, longest?.scale)}
        onBlur={() => {
          onHover(null);
          setPointer(null);
        }}
        onKeyDown={(event) => {
          const x = moved(event, props);
          if (x === undefined) return;
          event.preventDefault();
          const place = event.currentTarget.getBoundingClientRect();
          setPointer(x === null ? null : { x: place.left + place.width / 2, y: place.top });
          onHover(x);
        }}
      />
      {pointer && hovered !== null && rows.length > 0 && longest && (
        <OverlayTip
          at={pointer}
          metric={metric}
          heading={whereOn(longest.scale, hovered)}
          rows={rows}
          training={training}
          validation={validation}
        />
      )}
    </section>
  );
});

function whereOn(scale: XScale, x: number): string {
  if (scale.axis === 'time') return scale.format(x);
  const place = scale.format(Math.round(x));
  return scale.axis === 'step' ? t('step {0}', place) : t('epoch {0}', place);
}

function speak(
  metric: string,
  rows: readonly OverlayRow[],
  hovered: number | null,
  scale: XScale | undefined,
): string {
  if (hovered === null || scale === undefined) return t('arrows walk along the curves');
  const values = rows.map(({ name, training, validation }) =>
    t(
      '{0}: training {1}, validation {2}',
      name,
      formatMetric(metric, training),
      formatMetric(metric, validation),
    ),
  );
  return [whereOn(scale, hovered), ...values].join('; ');
}

/** Where a key leads; null where Escape ends the walk, or the zoom. `undefined` for other keys. */
function moved(event: KeyboardEvent, { range, hovered, zoomed, onZoom }: OverlayPlotProps) {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const x = walk(event, { from: hovered ?? range.max, shown: range, ends: range });
  if (x !== undefined || event.key !== 'Escape') return x;
  if (hovered === null && zoomed) onZoom(null);
  return null;
}
