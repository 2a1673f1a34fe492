import type { ComparedValue } from './compare';

/** Below it decimals would be zeros. */
const SMALL = 1e-3;

/** A number as people compare it: four significant digits; counts as they are. */
export function showNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : `${value}`;
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  return Math.abs(value) < SMALL ? value.toExponential(3) : value.toPrecision(4);
}

/** A dash where a run has nothing there. */
export function showValue(value: ComparedValue): string {
  if (value === null) return '–';
  return typeof value === 'number' ? showNumber(value) : value;
}
