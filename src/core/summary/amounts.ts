import { t } from '../../l10n/translate';

/** Numbers as the tables of Keras show them. */

export const showNumber = (value: number): string => value.toLocaleString('en-US');

export function showSize(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const unit = units.find((_, power) => bytes / 1024 ** (power + 1) < 1);
  const power = unit === undefined ? units.length : units.indexOf(unit);
  return `${(bytes / 1024 ** power).toFixed(2)} ${unit ?? 'PB'}`;
}

/** `34.10 MB of 97.80 MB`, or what has come where nobody says how much there will be. */
export function showDownloaded(bytes: number, whole: number | null): string {
  return whole === null
    ? t('{0} so far', showSize(bytes))
    : t('{0} of {1}', showSize(bytes), showSize(whole));
}
