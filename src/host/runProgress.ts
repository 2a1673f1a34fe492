import type { Metrics, RunEvent } from '../core/run/events';

/** Where a run is, in a few words: `epoch 3/10 · accuracy 93.1 %`. */
export function progressOf(events: readonly RunEvent[]): string {
  const start = events.find((event) => event.type === 'start');
  if (start?.type !== 'start') return 'starting';
  const epoch = lastEpoch(events);
  const words = [isPaused(events) && 'paused', `epoch ${epoch}/${start.epochs}`, accuracyOf(events)];
  return words.filter(Boolean).join(' · ');
}

/** Whether the run waits for somebody to let it go on. */
export function isPaused(events: readonly RunEvent[]): boolean {
  const last = events.findLast(
    ({ type }) => type === 'paused' || type === 'resumed' || type === 'step' || type === 'end',
  );
  return last?.type === 'paused';
}

/** How well a run ended: its last epoch's validation metrics, or the training's where nothing was held out. */
export function resultOf(events: readonly RunEvent[]): string {
  const last = events.findLast((event) => event.type === 'epoch');
  if (last?.type !== 'epoch') return '';
  const { metrics } = last;
  const [name, accuracy] =
    'val_accuracy' in metrics
      ? ['validation accuracy', metrics.val_accuracy]
      : ['accuracy', metrics.accuracy];
  return accuracy === undefined ? '' : `${name} ${percent(accuracy)}`;
}

function lastEpoch(events: readonly RunEvent[]): number {
  const last = events.findLast((event) => event.type === 'step' || event.type === 'epoch');
  return last?.type === 'step' || last?.type === 'epoch' ? last.epoch : 1;
}

function accuracyOf(events: readonly RunEvent[]): string {
  const last = events.findLast((event) => event.type === 'step' || event.type === 'epoch');
  const metrics: Metrics = last?.type === 'step' || last?.type === 'epoch' ? last.metrics : {};
  return metrics.accuracy === undefined ? '' : `accuracy ${percent(metrics.accuracy)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
