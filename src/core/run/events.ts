/**
 * What a run writes to `events.jsonl`, one object a line, and sends over its channel: the same values. Metric names
 * are Keras's history names (`loss`, `accuracy`, `top5`, `val_loss`, …).
 */

export type Metrics = Readonly<Record<string, number>>;

/** Milliseconds since 1970 UTC. */
interface Timed {
  readonly time: number;
}

export interface StartEvent extends Timed {
  readonly type: 'start';
  readonly version: 1;
  readonly name: string;
  readonly engine: string;
  /** What the engine runs on, for people: `WebAssembly SIMD, 2 cores`. */
  readonly device: string;
  /** Better engines that `auto` did not take, and why. */
  readonly passedOver?: readonly { readonly engine: string; readonly reason: string }[];
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly trainSamples: number;
  readonly validationSamples: number;
  readonly batchSize: number;
  readonly classes: readonly string[];
  readonly totalParams: number;
  readonly trainableParams: number;
}

export interface PhaseEvent extends Timed {
  readonly type: 'phase';
  /** From zero. */
  readonly phase: number;
  /** The first epoch of the phase, from one. */
  readonly epoch: number;
  readonly trainableLayers: number;
  readonly frozenLayers: number;
}

/** What a phase's frozen layers make of the samples is worked out once, and trained on in its place; told as it goes. */
export interface FeaturesEvent extends Timed {
  readonly type: 'features';
  /** From zero. */
  readonly phase: number;
  /** Of `samples`; all of them in the last event. */
  readonly done: number;
  /** To train and to validate on, augmented copies counted. */
  readonly samples: number;
  /** The layers whose outputs are kept. */
  readonly after: readonly string[];
  /** Since the first sample. */
  readonly seconds: number;
  /** In the last event. */
  readonly kept?: {
    readonly where: 'memory' | 'disk';
    readonly bytes: number;
    /** What computed, with its version. */
    readonly by: string;
    /** Samples that were computed now; the others are an earlier phase's or run's. */
    readonly computed: number;
  };
}

export interface StepEvent extends Timed {
  readonly type: 'step';
  /** From one, over the whole run. */
  readonly step: number;
  /** From one, over the whole run. */
  readonly epoch: number;
  readonly metrics: Metrics;
}

export interface EpochEvent extends Timed {
  readonly type: 'epoch';
  readonly epoch: number;
  readonly step: number;
  /** Means over the epoch's samples, validation metrics with the prefix `val_`. */
  readonly metrics: Metrics;
  readonly seconds: number;
  readonly samplesPerSecond: number;
}

/** All that is needed to go on from there is on the disk. */
export interface CheckpointEvent extends Timed {
  readonly type: 'checkpoint';
  /** Whole epochs that were done. */
  readonly epoch: number;
  readonly step: number;
  /** Its folder, relative to the run's: `checkpoints/epoch-0005`. */
  readonly folder: string;
  /** `epoch` and `best` as the plan asks for them, `last` at the end or a stop, `asked` by a person, `time` by itself. */
  readonly reason: 'epoch' | 'best' | 'last' | 'asked' | 'time';
}

/** The run waits between two steps until somebody lets it go on. */
export interface PausedEvent extends Timed {
  readonly type: 'paused';
  readonly epoch: number;
  readonly step: number;
}

/**
 * The run goes on: after a pause, or in a new process from a checkpoint. What was told of later steps and epochs than these
 * is no part of the run any more.
 */
export interface ResumedEvent extends Timed {
  readonly type: 'resumed';
  /** Whole epochs that are done. */
  readonly epoch: number;
  readonly step: number;
  /** The checkpoint's folder, relative to the run's; left out after a pause. */
  readonly checkpoint?: string;
  /** How many epochs the run has from here on, where they are others than it began with. */
  readonly epochs?: number;
}

/** Somebody has set another learning rate, in force from the next step to the end of the phase. */
export interface LearningRateEvent extends Timed {
  readonly type: 'learningRate';
  readonly epoch: number;
  readonly step: number;
  readonly learningRate: number;
}

/** A phase ended early: its monitored metric had not improved for the epochs of its patience. */
export interface EarlyStopEvent extends Timed {
  readonly type: 'earlyStop';
  readonly epoch: number;
  readonly step: number;
  readonly monitor: string;
  /** The best value, and the epoch that reached it. */
  readonly best: number;
  readonly bestEpoch: number;
}

/** The weights are those of the best epoch again. */
export interface RestoredEvent extends Timed {
  readonly type: 'restored';
  /** The epoch whose weights they are. */
  readonly epoch: number;
  readonly monitor: string;
  readonly value: number;
}

export interface WarningEvent extends Timed {
  readonly type: 'warning';
  readonly code: string;
  readonly message: string;
}

export interface EndEvent extends Timed {
  readonly type: 'end';
  readonly status: 'finished' | 'stopped' | 'failed';
  /** Result files, relative to the run folder. */
  readonly model: readonly string[];
  readonly error?: { readonly code: string; readonly message: string };
}

export type RunEvent =
  | StartEvent
  | PhaseEvent
  | FeaturesEvent
  | StepEvent
  | EpochEvent
  | CheckpointEvent
  | PausedEvent
  | ResumedEvent
  | LearningRateEvent
  | EarlyStopEvent
  | RestoredEvent
  | WarningEvent
  | EndEvent;

/** What a run is doing, as read from its folder; `lost` is a run whose process went without an `end`. */
export type RunStatus = 'starting' | 'running' | 'finished' | 'stopped' | 'failed' | 'lost';
