import { isShare, metricTitle } from '../../src/core/run/metricWords';
import { showDuration } from '../../src/core/run/showDuration';
import { t } from '../../src/l10n/translate';

export { isShare, metricTitle };

/** Numbers as the panel writes them. A number that is not there is a dash, as wide as a digit. */
export const NOTHING = '–';

const grouped = new Intl.NumberFormat('en-US');

export function formatCount(value: number): string {
  return Number.isFinite(value) ? grouped.format(Math.round(value)) : NOTHING;
}

/** Four digits, so that a live value keeps its width: `0.3124`, `12.31`, `3.1e-5`. */
export function formatLoss(value: number): string {
  if (!Number.isFinite(value)) return NOTHING;
  const size = Math.abs(value);
  if (size !== 0 && size < 0.0005) return value.toExponential(1);
  if (size < 10) return value.toFixed(4);
  if (size < 1000) return value.toPrecision(4);
  return size < 1e6 ? formatCount(value) : value.toExponential(2);
}

/** `97.4%`, and two decimals where one would round to a hundred. */
export function formatShare(value: number): string {
  if (!Number.isFinite(value)) return NOTHING;
  const percent = value * 100;
  const oneDecimal = percent.toFixed(1);
  return `${oneDecimal === '100.0' && percent < 100 ? percent.toFixed(2) : oneDecimal}%`;
}

export function formatMetric(metric: string, value: number): string {
  return isShare(metric) ? formatShare(value) : formatLoss(value);
}

export function formatRate(perSecond: number | null): string {
  if (perSecond === null || !Number.isFinite(perSecond)) return NOTHING;
  return perSecond < 10 ? perSecond.toFixed(1) : formatCount(perSecond);
}

/** The two largest units: `48s`, `3m 07s`, `1h 12m`, `2d 3h`. */
export function formatDuration(seconds: number | null): string {
  return seconds === null || !Number.isFinite(seconds) ? NOTHING : showDuration(seconds);
}

/** What the page's words are in. */
function pageLanguage(): string {
  const told = typeof document === 'undefined' ? '' : document.documentElement.lang;
  return told === '' ? 'en-US' : told;
}

/** How long ago, for a list of runs: `just now`, `5 min ago`, `3 h ago`, then the day. */
export function formatAge(time: number, now: number): string {
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 1) return t('just now');
  if (minutes < 60) return t('{0} min ago', minutes);
  if (minutes < 24 * 60) return t('{0} h ago', Math.floor(minutes / 60));
  return new Intl.DateTimeFormat(pageLanguage(), { month: 'short', day: 'numeric' }).format(time);
}
