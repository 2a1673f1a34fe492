/** What a run measures in place of a number of its validation, by Keras's history name, where it has none. */
export function measuredMonitor(monitor: string, hasValidation: boolean): string {
  return hasValidation ? monitor : monitor.replace(/^val_/, '');
}
