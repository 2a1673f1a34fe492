/** The two largest units: `48s`, `3m 07s`, `1h 12m`, `2d 3h`. */
export function showDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const [days, hours, minutes] = [
    Math.floor(whole / 86400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
  ];
  if (days > 0) return `${days}d ${hours}h`;
  if (hours > 0) return `${hours}h ${padded(minutes)}m`;
  return minutes > 0 ? `${minutes}m ${padded(whole % 60)}s` : `${whole}s`;
}

function padded(value: number): string {
  return String(value).padStart(2, '0');
}
