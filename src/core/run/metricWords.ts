/** Accuracies are shares of samples; whatever else has a curve is a number like a loss. */
export function isShare(metric: string): boolean {
  return /^(val_)?(.*accuracy|top\d+)$/.test(metric);
}

/** A metric's name as a heading, by its history name: `Top-5 accuracy`. */
export function metricTitle(metric: string): string {
  const top = /^top(\d+)$/.exec(metric);
  if (top) return `Top-${top[1]} accuracy`;
  const words = metric.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
