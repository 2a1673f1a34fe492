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

export type RunEvent = StartEvent | PhaseEvent | StepEvent | EpochEvent | WarningEvent | EndEvent;

/** What a run is doing, as read from its folder; `lost` is a run whose process went without an `end`. */
export type RunStatus = 'starting' | 'running' | 'finished' | 'stopped' | 'failed' | 'lost';
