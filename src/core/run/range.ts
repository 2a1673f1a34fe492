export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The share of a kept range that the data must fill; below it the range is drawn closer. */
const LEAST_FILL = 0.55;
/** Grid lines that a range should have, about. */
const DIVISIONS = 4;

/**
 * The y range for data from `min` to `max`: whole grid steps, and the previous range as long as the data fits in it
 * and fills it well, so that the picture stands still while points arrive.
 *
 * @param limits what the range never passes: accuracies live between 0 and 1
 */
export function chooseRange(previous: Range | null, data: Range, limits: Partial<Range> = {}): Range {
  if (previous !== null && fits(previous, data)) return previous;
  // Near zero, zero is the better floor: it shows how much is left.
  const low = data.min >= 0 && data.min < data.max * 0.35 ? 0 : data.min;
  const spread = data.max - low || Math.abs(data.max) * 0.1 || 1;
  const unit = niceStep(spread / DIVISIONS);
  const snapped = {
    min: tidy(Math.floor(low / unit + 1e-9) * unit),
    max: tidy(Math.ceil(data.max / unit - 1e-9) * unit),
  };
  const min = Math.max(limits.min ?? -Infinity, snapped.min);
  const max = Math.min(limits.max ?? Infinity, snapped.max);
  return max > min ? { min, max } : { min: tidy(min - unit), max: min };
}

/** Without the last digits of a product: 0.7, not 0.7000000000000001. */
export function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** The y range on a logarithmic axis: whole powers of ten and halves of them, data above zero only. */
export function chooseLogRange(previous: Range | null, data: Range): Range {
  if (previous !== null && previous.min > 0 && previous.min <= data.min && previous.max >= data.max) {
    if (Math.log(data.max / data.min) >= LEAST_FILL * Math.log(previous.max / previous.min)) return previous;
  }
  const floor = (value: number) => 10 ** (Math.floor(Math.log10(value) * 2 + 1e-9) / 2);
  const ceil = (value: number) => 10 ** (Math.ceil(Math.log10(value) * 2 - 1e-9) / 2);
  const range = { min: floor(data.min), max: ceil(data.max) };
  return range.max > range.min ? range : { min: range.min / 2, max: range.min * 2 };
}

function fits(range: Range, data: Range): boolean {
  const inside = range.min <= data.min && data.max <= range.max;
  const reach = range.min === 0 ? data.max : data.max - data.min;
  return inside && reach >= LEAST_FILL * (range.max - range.min);
}

/** The least of 1, 2, 2.5 and 5 times a power of ten that is not below `raw`. */
export function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= raw * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** The first horizon: with a few steps more the curve should not yet fill the chart. */
const FIRST_HORIZON = 20;

/**
 * The last step on the x axis: it doubles when the run reaches it, so that it moves only a few times a run and
 * half of the chart, at least, is curve; never beyond the planned end.
 */
export function horizon(step: number, totalSteps: number): number {
  if (totalSteps > 0 && totalSteps <= FIRST_HORIZON) return Math.max(totalSteps, step, 1);
  let end = totalSteps > 0 ? totalSteps : FIRST_HORIZON;
  while (totalSteps > 0 && end / 2 >= FIRST_HORIZON && end / 2 > step) end /= 2;
  while (end < step) end *= totalSteps > 0 ? 1.25 : 2;
  return Math.ceil(end);
}

/** A point of the way from one range to another: 0 is `from`, 1 is `to`, eased out. */
export function glide(from: Range, to: Range, time: number): Range {
  const share = 1 - (1 - Math.min(1, Math.max(0, time))) ** 3;
  return { min: from.min + (to.min - from.min) * share, max: from.max + (to.max - from.max) * share };
}
