import type { Metrics, RunEvent } from '../core/run/events';
import type { RunFigures } from '../core/run/liveFigures';
import { showGpu, type MachineStatus } from '../core/run/machine';
import { startOf } from '../core/run/runStart';
import { showDuration } from '../core/run/showDuration';
import { showBytes } from '../core/showBytes';
import { t } from '../l10n/translate';

/** What is known of a run that is going on. */
export interface Pulse {
  readonly figures: RunFigures | undefined;
  readonly machine: MachineStatus | undefined;
}

/** Where a run is, in a few words: `epoch 3/10 · accuracy 93.1 %`. */
export function progressOf(events: readonly RunEvent[]): string {
  const start = startOf(events);
  if (!start) return t('starting');
  const epoch = lastEpoch(events);
  const words = [
    isPaused(events) && t('paused'),
    t('epoch {0}/{1}', epoch, start.epochs),
    accuracyOf(events),
  ];
  return words.filter(Boolean).join(' · ');
}

/** The same with the time that is left: `epoch 3/10 · accuracy 93.1 % · 3m 07s left`. */
export function summaryOf(events: readonly RunEvent[], { figures }: Pulse): string {
  const left = figures?.secondsLeft ?? null;
  return [progressOf(events), left === null ? '' : t('{0} left', showDuration(left))]
    .filter(Boolean)
    .join(' · ');
}

/** How much of its steps is done, from 0 to 1. */
export function fractionOf(figures: RunFigures | undefined): number {
  if (!figures) return 0;
  const steps = figures.start.epochs * figures.start.stepsPerEpoch;
  return steps === 0 ? 0 : Math.min(1, figures.step / steps);
}

/** All that is known of it, as Markdown: one fact a row. */
export function tooltipOf(name: string, { figures, machine }: Pulse): string {
  const rows = [...(figures ? figureRows(figures) : []), ...(machine ? machineRows(machine) : [])];
  const table =
    rows.length > 0
      ? ['| | |', '| :-- | :-- |', ...rows.map(([what, value]) => `| ${what} | ${escaped(value)} |`)]
      : [];
  return [`**${t('Training {0}', escaped(name))}**`, table.join('\n'), t('Click to show the runs')]
    .filter(Boolean)
    .join('\n\n');
}

type Row = readonly [what: string, value: string];

function figureRows({
  start,
  phase,
  epoch,
  step,
  samplesPerSecond,
  secondsLeft,
}: RunFigures): readonly Row[] {
  const count = (value: number) => value.toLocaleString('en-US');
  const trained = phase && t('{0} layers in training, {1} frozen', phase.trainableLayers, phase.frozenLayers);
  const rate = samplesPerSecond === null ? undefined : samplesPerSecond.toPrecision(3);
  return [
    [t('Engine'), `${start.engine}, ${start.device}`],
    ...(phase && trained !== undefined ? [[t('Phase'), `${phase.phase + 1}: ${trained}`] as const] : []),
    [t('Epoch'), t('{0} of {1}', epoch, start.epochs)],
    [t('Step'), t('{0} of {1}', count(step), count(start.epochs * start.stepsPerEpoch))],
    ...(rate === undefined ? [] : [[t('Samples/s'), count(Number(rate))] as const]),
    ...(secondsLeft === null ? [] : [[t('Time left'), showDuration(secondsLeft)] as const]),
  ];
}

function machineRows({ memory, tensors, gpus }: MachineStatus): readonly Row[] {
  return [
    [
      t('Memory'),
      tensors === undefined
        ? showBytes(memory)
        : t('{0}, {1} in tensors', showBytes(memory), showBytes(tensors)),
    ],
    ...gpus.map((gpu) => ['GPU', `${showGpu(gpu)} · ${gpu.name}`] as const),
  ];
}

/** Names come from files: none of them is Markdown. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&]/g, '\\$&');
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
  if (metrics.val_accuracy !== undefined) return t('validation accuracy {0}', percent(metrics.val_accuracy));
  return metrics.accuracy === undefined ? '' : t('accuracy {0}', percent(metrics.accuracy));
}

function lastEpoch(events: readonly RunEvent[]): number {
  const last = events.findLast((event) => event.type === 'step' || event.type === 'epoch');
  return last?.type === 'step' || last?.type === 'epoch' ? last.epoch : 1;
}

function accuracyOf(events: readonly RunEvent[]): string {
  const last = events.findLast((event) => event.type === 'step' || event.type === 'epoch');
  const metrics: Metrics = last?.type === 'step' || last?.type === 'epoch' ? last.metrics : {};
  return metrics.accuracy === undefined ? '' : t('accuracy {0}', percent(metrics.accuracy));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
