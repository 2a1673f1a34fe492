import { alongAxis, valueAxis } from '../../src/core/run/chartAxes';
import type { ChartColours, ChartPicture, PictureCurve } from '../../src/core/run/chartSvg';
import { metricTitle } from '../../src/core/run/metricWords';
import type { Range } from '../../src/core/run/range';
import { drawCurves, type Curve } from './curves';
import type { Drawing } from './metricChart';
import { finiteMetric } from './runState';
import { AXIS_WORD } from './xAxis';
import { t } from '../../src/l10n/translate';

/** In pixels: as wide as a page of text, whatever room the chart on screen has. */
const WIDTH = 800;
const HEIGHT = 420;

export interface PictureSettings {
  readonly metric: string;
  readonly logarithmic: boolean;
  /** Of the values, as the chart on screen has it. */
  readonly y: Range;
  /** The run's name. */
  readonly name: string;
  readonly colours: ChartColours;
  /** CSS font families. */
  readonly font: string;
}

/** The chart on screen as a picture: the same curves, stretch, smoothing and marks. */
export function chartPicture(
  drawing: Drawing,
  { metric, logarithmic, y, name, colours, font }: PictureSettings,
): ChartPicture {
  const { state, smoothing, range, scale } = drawing;
  const curves = drawCurves(state, { metric, smoothing, range, pixels: WIDTH, logarithmic });
  const pointsOf = (curve: Curve) => points(curves.steps, curve, scale.toX);
  const x = { min: scale.toX(range.min), max: scale.toX(range.max) };
  const stepsPerEpoch = state.start?.stepsPerEpoch ?? 0;
  return {
    title: metricTitle(metric),
    subtitle: name,
    width: WIDTH,
    height: HEIGHT,
    x: alongAxis(AXIS_WORD[scale.axis], x, scale.increments, (value) => scale.format(value)),
    y: valueAxis(metric, y, logarithmic),
    curves: [
      { colour: 'training', look: 'faint', points: pointsOf(curves.raw) },
      {
        name: smoothing.reach > 0 ? t('Training, smoothed') : t('Training'),
        ...{ colour: 'training', look: 'line', points: pointsOf(curves.smoothed) },
      },
      {
        name: t('Training, epoch means'),
        ...{ colour: 'training', look: 'points', points: pointsOf(curves.training) },
      },
      { name: t('Validation'), colour: 'validation', look: 'both', points: pointsOf(curves.validation) },
    ],
    phases: state.phases.slice(1).map((phase) => ({
      at: scale.toX((phase.epoch - 1) * stepsPerEpoch),
      label: t('Phase {0}', phase.phase + 1),
    })),
    ...bestOf(drawing, metric, logarithmic),
    marks: state.marks.map(({ kind, step }) => ({ at: scale.toX(step), kind })),
    colours,
    font,
  };
}

function bestOf(
  { state, best, scale }: Drawing,
  metric: string,
  logarithmic: boolean,
): Pick<ChartPicture, 'best'> {
  const epoch = best && state.epochs.find((candidate) => candidate.epoch === best.epoch);
  if (!epoch) return {};
  const value = finiteMetric(epoch.metrics, `val_${metric}`);
  const isDrawn = !Number.isNaN(value) && (!logarithmic || value > 0);
  return {
    best: {
      at: scale.toX(epoch.step),
      label: t('Best epoch: {0}', epoch.epoch),
      ...(isDrawn && { value }),
    },
  };
}

/** None where there are but gaps. */
function points(
  steps: readonly number[],
  curve: Curve,
  toX: (step: number) => number,
): PictureCurve['points'] {
  const told = curve.flatMap((value, index) =>
    value === undefined ? [] : [value === null ? null : ([toX(steps[index] ?? 0), value] as const)],
  );
  return told.some((point) => point !== null) ? told : [];
}
