import type { FeaturesEvent, Metrics, RunEvent } from '../core/run/events';

/** An event as `log.txt` tells it to people; steps are too many to tell. */
export function logLine(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'start':
      return (
        `${event.name}: ${event.trainSamples} samples to train on, ${event.validationSamples} to validate, ` +
        `${event.classes.length} classes; ${event.trainableParams} of ${event.totalParams} parameters trainable; ` +
        `engine ${event.engine} (${event.device})` +
        (event.passedOver ?? []).map(({ engine, reason }) => `; not ${engine}: ${reason}`).join('')
      );
    case 'phase':
      return `phase ${event.phase + 1} from epoch ${event.epoch}: ${event.trainableLayers} layers trained, ${event.frozenLayers} frozen`;
    case 'features':
      return event.kept && describeFeatures(event, event.kept);
    case 'step':
      return undefined;
    case 'epoch':
      return `epoch ${event.epoch}: ${describe(event.metrics)}; ${event.seconds.toFixed(1)} s, ${event.samplesPerSecond.toFixed(1)} samples/s`;
    case 'checkpoint':
      return `checkpoint of epoch ${event.epoch}, step ${event.step}: ${event.folder} (${event.reason})`;
    case 'paused':
      return `paused after step ${event.step}`;
    case 'resumed': {
      const from = event.checkpoint === undefined ? '' : `, from ${event.checkpoint}`;
      return `resumed after step ${event.step}${from}`;
    }
    case 'learningRate':
      return `learning rate ${event.learningRate} from step ${event.step + 1}`;
    case 'earlyStop':
      return `stopped early after epoch ${event.epoch}: ${event.monitor} was best in epoch ${event.bestEpoch}, ${event.best.toPrecision(4)}`;
    case 'restored':
      return `the weights of epoch ${event.epoch} again: ${event.monitor} ${event.value.toPrecision(4)}`;
    case 'warning':
      return `warning ${event.code}: ${event.message}`;
    case 'end':
      return `${event.status}${event.error ? `: error ${event.error.code}: ${event.error.message}` : ''}`;
  }
}

/** What was kept of the samples, in one line. */
function describeFeatures(
  { after, samples, seconds }: FeaturesEvent,
  { where, bytes, by, computed }: NonNullable<FeaturesEvent['kept']>,
): string {
  const made = computed === 0 ? 'found again' : `${computed} computed by ${by}`;
  return (
    `frozen layers ran once: the outputs of ${after.join(', ')} for ${samples} samples, ${made}, ` +
    `${(bytes / 2 ** 20).toFixed(1)} MB in ${where === 'disk' ? 'a file' : 'memory'}; ${seconds.toFixed(1)} s`
  );
}

function describe(metrics: Metrics): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${value.toPrecision(4)}`)
    .join(', ');
}
