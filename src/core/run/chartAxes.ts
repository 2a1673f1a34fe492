import { formatAxisValue } from './axisLabels';
import type { PictureAxis } from './chartSvg';
import { metricTitle } from './metricWords';
import type { Range } from './range';
import { logTicks, roundTicks, ticksBy } from './ticks';

/** Of the values on a picture's y axis there are about so many. */
const VALUES = 5;
/** Of those on its x axis there are at most so many: each has room for its words. */
const MOST_ALONG = 9;

/** The y axis of a metric, by Keras's history name. */
export function valueAxis(metric: string, range: Range, logarithmic: boolean): PictureAxis {
  const { at, increment } = logarithmic ? logTicks(range, VALUES) : roundTicks(range, VALUES);
  return {
    label: metricTitle(metric),
    range,
    logarithmic,
    ticks: at.map((value) => ({ at: value, label: formatAxisValue(metric, value, increment, logarithmic) })),
  };
}

/** @param increments the distances that grid lines may have, ascending */
export function alongAxis(
  label: string,
  range: Range,
  increments: readonly number[],
  format: (value: number) => string,
): PictureAxis {
  const { at } = ticksBy(range, increments, MOST_ALONG);
  return { label, range, ticks: at.map((value) => ({ at: value, label: format(value) })) };
}
