import type { RunStatus } from '../../src/core/run/events';
import type { RunHealth } from '../../src/core/run/health';
import { busiestGpu, showGpu, type MachineStatus } from '../../src/core/run/machine';
import { showBytes } from '../../src/core/showBytes';
import type { RunPanelToHost, RunView } from '../../src/protocol/runPanel';
import { findBestEpoch } from './bestEpoch';
import { formatCount, formatDuration, formatMetric, formatRate, NOTHING } from './formatNumbers';
import { Outcome } from './outcome';
import { isLive, measureProgress, type Activity, type Progress } from './progress';
import { finiteMetric, type RunState } from './runState';
import { Warnings } from './warnings';
import { t, tn } from '../../src/l10n/translate';

export interface OverviewProps {
  readonly view: RunView;
  readonly state: RunState;
  /** Null until the host has looked at its folder. */
  readonly health: RunHealth | null;
  /** What it takes of its machine now; null where it does not say. */
  readonly machine: MachineStatus | null;
  /** By the clock of the events. */
  readonly now: number;
  readonly post: (message: RunPanelToHost) => void;
}

/** Where the run is, or how it ended, in numbers. */
export function Overview({ view, state, health, machine, now, post }: OverviewProps) {
  const progress = measureProgress(state, view.status, now);
  return (
    // It scrolls where there is little room, for those without a mouse, too.
    <section className="overview" aria-label={t('Progress and results')} tabIndex={0}>
      {isLive(view.status) ? (
        <LiveProgress progress={progress} state={state} />
      ) : (
        <Outcome view={view} state={state} progress={progress} health={health} post={post} />
      )}
      <Stats state={state} progress={progress} status={view.status} machine={machine} />
      <Warnings warnings={state.warnings} divergedAt={state.divergedAt} />
    </section>
  );
}

const DOING: Readonly<Record<Activity, string>> = {
  starting: t('Starting the trainer…'),
  preparing: t('Preparing the first step…'),
  featuring: t('Computing what the frozen layers give…'),
  paused: t('Paused'),
  training: t('Training'),
  validating: t('Validating'),
  saving: t('Saving the model…'),
  ended: t('Ended'),
};

function LiveProgress({ progress, state }: { readonly progress: Progress; readonly state: RunState }) {
  const { activity, epoch, epochs, step, totalSteps, fraction } = progress;
  const begun = step > 0;
  const percent = Math.floor(fraction * 100);
  const phase = state.phases.at(-1);
  return (
    <div className="live">
      <p className="live-title">
        <strong>{begun ? t('Epoch {0} of {1}', epoch, epochs) : DOING[activity]}</strong>
        {begun && <span>{percent}%</span>}
      </p>
      <div
        className={begun || activity === 'paused' ? 'bar' : 'bar unknown'}
        role="progressbar"
        aria-label={t('Steps of the run')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={begun ? percent : undefined}
        aria-valuetext={begun ? t('step {0} of {1}', step, totalSteps) : undefined}
      >
        <Fill fraction={fraction} />
      </div>
      <p className="live-note">
        {begun ? (
          <>
            <span>{t('Step {0} of {1}', formatCount(step), formatCount(totalSteps))}</span>
            <span className={activity === 'paused' ? 'paused' : undefined}>
              {activity === 'featuring' ? waitingFor(activity, state) : DOING[activity]}
            </span>
          </>
        ) : (
          <span>{waitingFor(activity, state)}</span>
        )}
      </p>
      {state.learningRate !== null && (
        <p className="live-note">
          <span>{t('Learning rate {0}, set by hand', state.learningRate)}</span>
        </p>
      )}
      {phase && (
        <p
          className="live-note phase"
          title={t('Layers with weights that this phase changes, and those it leaves alone')}
        >
          <span>
            {tn(
              phase.trainableLayers,
              'Phase {0}: {1} layer in training, {2} frozen',
              'Phase {0}: {1} layers in training, {2} frozen',
              ...[phase.phase + 1, phase.trainableLayers, phase.frozenLayers],
            )}
          </span>
        </p>
      )}
    </div>
  );
}

function waitingFor(activity: Activity, { features }: RunState): string {
  switch (activity) {
    case 'paused':
      return t('It goes on where it is when you resume it.');
    case 'preparing':
      return t('The first step is the slowest.');
    case 'featuring':
      return t(
        '{0} of {1} samples, once',
        formatCount(features?.done ?? 0),
        formatCount(features?.samples ?? 0),
      );
    default:
      return t('Reading the model and the images.');
  }
}

/** The policy forbids style attributes in HTML; React sets this one as a property, which it allows. */
function Fill({ fraction }: { readonly fraction: number }) {
  return <div className="bar-fill" style={{ transform: `scaleX(${fraction})` }} />;
}

interface StatsProps {
  readonly state: RunState;
  readonly progress: Progress;
  readonly status: RunStatus;
  readonly machine: MachineStatus | null;
}

function Stats({ state, progress, status, machine }: StatsProps) {
  const live = isLive(status);
  if (!live && progress.step === 0) return null;
  const best = findBestEpoch(state.epochs);
  const last = state.epochs.at(-1);
  const bestTitle = best?.metric === 'val_loss' ? t('Best val. loss') : t('Best val. accuracy');
  const speed = { title: t('Samples/s'), value: formatRate(progress.samplesPerSecond) };
  const bestStat = {
    title: bestTitle,
    value: best ? formatMetric(best.metric, best.value) : NOTHING,
    note: best ? t('epoch {0}', best.epoch) : undefined,
    best: true,
  };
  const lastValues = [
    { title: t('Final loss'), value: lastValue('loss') },
    { title: t('Final val. loss'), value: lastValue('val_loss') },
  ];
  const duration = { title: t('Duration'), value: formatDuration(progress.elapsedSeconds) };
  const stats: readonly StatProps[] = live
    ? [
        { title: t('Time left'), value: formatDuration(progress.secondsLeft) },
        { title: t('Elapsed'), value: formatDuration(progress.elapsedSeconds) },
        speed,
        bestStat,
        ...(machine ? machineStats(machine) : []),
      ]
    : [bestStat, ...(status === 'failed' ? [] : lastValues), duration];
  return (
    <dl className="stats">
      {stats.map((stat) => (
        <Stat key={stat.title} {...stat} />
      ))}
    </dl>
  );

  function lastValue(metric: string): string {
    return formatMetric(metric, last ? finiteMetric(last.metrics, metric) : NaN);
  }
}

/** The cards are one figure, of the busiest; its title has them all. */
function machineStats(machine: MachineStatus): readonly StatProps[] {
  const { memory, tensors, gpus } = machine;
  const gpu = busiestGpu(machine);
  const inTensors = tensors === undefined ? undefined : t('{0} in tensors', showBytes(tensors));
  const held = { title: t('Memory'), value: showBytes(memory), note: inTensors, about: MEMORY };
  if (!gpu) return [held];
  const { load, ...card } = gpu;
  const about = gpus.map((each) => `${each.name}: ${showGpu(each)}`).join('\n');
  const value = load === undefined ? NOTHING : `${Math.round(load * 100)}%`;
  return [held, { title: 'GPU', value, note: showGpu(card) || undefined, about }];
}

const MEMORY = t('What the trainer’s process holds, and what of it or of the graphics card is in tensors');

interface StatProps {
  readonly title: string;
  readonly value: string;
  readonly note?: string | undefined;
  readonly best?: boolean;
  readonly about?: string;
}

function Stat({ title, value, note, best = false, about }: StatProps) {
  return (
    <div className={best ? 'stat best' : 'stat'} title={about}>
      <dt>{title}</dt>
      <dd>
        {value}
        {note !== undefined && <small>{note}</small>}
      </dd>
    </div>
  );
}
