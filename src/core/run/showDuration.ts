import { t } from '../../l10n/translate';

/** The two largest units: `48s`, `3m 07s`, `1h 12m`, `2d 3h`. */
export function showDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const [days, hours, minutes] = [
    Math.floor(whole / 86400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
  ];
  if (days > 0) return t('{0}d {1}h', days, hours);
  if (hours > 0) return t('{0}h {1}m', hours, padded(minutes));
  return minutes > 0 ? t('{0}m {1}s', minutes, padded(whole % 60)) : t('{0}s', whole);
}

function padded(value: number): string {
  return String(value).padStart(2, '0');
}
