import { isShare } from './metricWords';

/** `940`, `12k`, `1.5M`. */
export function formatSteps(step: number): string {
  if (step >= 1e6) return `${trimmed(step / 1e6)}M`;
  return step >= 10_000 ? `${trimmed(step / 1e3)}k` : trimmed(step);
}

/**
 * A grid line's value with the decimals that its neighbours differ in.
 *
 * @param increment between two grid lines
 */
export function formatAxisValue(
  metric: string,
  value: number,
  increment: number,
  logarithmic: boolean,
): string {
  if (logarithmic) return value >= 0.001 && value < 10_000 ? trimmed(value) : value.toExponential(0);
  if (isShare(metric)) return `${(value * 100).toFixed(decimals(increment * 100))}%`;
  const places = decimals(increment);
  return places > 4 ? value.toExponential(1) : value.toFixed(places);
}

/** The decimals of 0.05 are 2, of 0.025 they are 3. */
function decimals(increment: number): number {
  for (let places = 0; places < 10; places++) {
    const scaled = increment * 10 ** places;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6) return places;
  }
  return 10;
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(6)));
}
