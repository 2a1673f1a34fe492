import path from 'node:path';
import type { Metrics, RunEvent } from '../core/run/events';
import { logLine } from '../runs/logLine';
import type { Progress } from './progress';

const BAR = 24;

/** The line that is redrawn at every step, cut to the terminal's width. */
export function renderBar(
  { start, epoch, step, metrics, samplesPerSecond, secondsLeft }: Progress,
  columns: number,
): string {
  if (!start) return '';
  const inEpoch = step - (epoch - 1) * start.stepsPerEpoch;
  const filled = Math.round((BAR * inEpoch) / start.stepsPerEpoch);
  const parts = [
    `epoch ${epoch}/${start.epochs} [${'='.repeat(filled).padEnd(BAR, '.')}] ${inEpoch}/${start.stepsPerEpoch}`,
    showMetrics(metrics),
    ...(samplesPerSecond === undefined ? [] : [showRate(samplesPerSecond)]),
    ...(secondsLeft === undefined ? [] : [`${showSeconds(secondsLeft)} left`]),
  ];
  // A terminal wraps a line that fills its last column, and then redrawing leaves rubble.
  return parts.join('  ').slice(0, Math.max(0, columns - 1));
}

/** What an event adds to the text that stays; nothing for a step. */
export function renderEvent(event: RunEvent, progress: Progress, folder: string): string | undefined {
  switch (event.type) {
    case 'start':
      return (
        `${event.name}: ${event.trainSamples} samples to train on, ${event.validationSamples} to validate, ` +
        `${event.classes.length} classes; ${event.engine} (${event.device})` +
        (event.passedOver ?? []).map(({ engine, reason }) => `\nnot ${engine}: ${reason}`).join('')
      );
    case 'phase':
      return `phase ${event.phase + 1}: ${event.trainableLayers} layers train, ${event.frozenLayers} are frozen`;
    case 'epoch': {
      const epochs = progress.start?.epochs ?? event.epoch;
      const time = `${event.seconds.toFixed(1)} s, ${showRate(event.samplesPerSecond)}`;
      return `epoch ${event.epoch}/${epochs}  ${showMetrics(event.metrics)}  ${time}`;
    }
    case 'features':
    case 'paused':
    case 'resumed':
    case 'learningRate':
    case 'warning':
      return logLine(event);
    case 'earlyStop':
      return `stopped early: ${event.monitor} was best in epoch ${event.bestEpoch}, ${event.best.toFixed(4)}`;
    case 'restored':
      return `kept the weights of epoch ${event.epoch}: ${event.monitor} ${event.value.toFixed(4)}`;
    case 'end': {
      // The error line that follows says what failed.
      if (event.status === 'failed') return undefined;
      const models = event.model.map((file) => path.join(folder, file)).join(', ');
      return `${event.status}${models === '' ? '' : `: ${models}`}`;
    }
    case 'checkpoint':
    case 'step':
      return undefined;
  }
}

function showMetrics(metrics: Metrics): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${value.toFixed(4)}`)
    .join('  ');
}

function showRate(samplesPerSecond: number): string {
  return `${samplesPerSecond < 10 ? samplesPerSecond.toFixed(1) : Math.round(samplesPerSecond)} samples/s`;
}

/** `0:07`, `12:30`, `1:02:03` */
export function showSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
