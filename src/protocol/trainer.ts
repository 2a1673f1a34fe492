import type { FailureKind } from '../core/failure';
import type { EngineName } from '../core/plan/plan';
import type { RunEvent } from '../core/run/events';
import type { RunMessage } from '../core/run/steering';
import type { EngineFound, EnginesReport } from './engines';

export type { RunMessage } from '../core/run/steering';

/**
 * Host or CLI ↔ trainer child process, over a channel of its own (file descriptor 3): one JSON object a line. The
 * child speaks first, with `hello`; a version it does not share ends the conversation. Logs go to stderr.
 */
export const TRAINER_PROTOCOL = 1;

export interface TrainRequest {
  readonly type: 'train';
  /** Absolute path of the plan file. */
  readonly plan: string;
  /** The folder of a run of this plan that was interrupted: goes on from its newest checkpoint, in that folder. */
  readonly resume?: string;
  /** With `resume`: so many epochs more than the run's plan has, in its last phase; one that has finished goes on, too. */
  readonly longer?: number;
  readonly engine?: string;
  /** Whether `tensorflow`, asked for by name, may compute without a graphics card. */
  readonly allowCpu?: boolean;
}

export interface PredictRequest {
  readonly type: 'predict';
  readonly model: string;
  readonly recipe?: string;
  /** `.npy` (fed as it is), an image, a folder of images, or several images. */
  readonly input: string | readonly string[];
  /** Where the outputs go, as `.npy`. */
  readonly output?: string;
  readonly top: number;
  readonly engine?: string;
  readonly allowCpu?: boolean;
}

/** Tries learning rates on a plan's first phase; nothing is written. */
export interface FindRateRequest {
  readonly type: 'findRate';
  /** Absolute path of the plan file. */
  readonly plan: string;
  readonly engine?: string;
  readonly allowCpu?: boolean;
}

/** Measures a model on a plan's validation data. */
export interface EvaluateRequest {
  readonly type: 'evaluate';
  readonly model: string;
  readonly recipe?: string;
  /** Absolute path of the plan file, of which the data, the loss and the metrics are taken. */
  readonly plan: string;
  readonly engine?: string;
  readonly allowCpu?: boolean;
}

export interface Evaluation {
  readonly samples: number;
  /** The loss and the plan's metrics, by Keras's names. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Where the model tells classes apart. */
  readonly confusion?: Confusion;
}

export interface Confusion {
  readonly classes: readonly string[];
  /** How many samples of a class (the row) were taken for which (the column). */
  readonly counts: readonly (readonly number[])[];
}

/** Measures a run's model on what its plan holds out, sample by sample, and keeps that in the run's folder. */
export interface JudgeRequest {
  readonly type: 'judge';
  /** The run's folder. */
  readonly run: string;
  readonly engine?: string;
  readonly allowCpu?: boolean;
}

/**
 * Makes pictures of what a run's plan holds out: once `picturing` has come, `picture` messages are answered until the
 * channel closes.
 */
export interface PicturesRequest {
  readonly type: 'pictures';
  /** The run's folder. */
  readonly run: string;
}

export interface PictureRequest {
  readonly type: 'picture';
  /** A held-out sample's number in its data, or an image's path. */
  readonly of: number | string;
  /** Pixels of its longer side; smaller images stay so. */
  readonly side: number;
}

/** What a sweep over learning rates found. */
export interface RateFound {
  /** A rate to begin with; nothing where the loss never fell. */
  readonly suggested: number | null;
  readonly tried: readonly {
    readonly learningRate: number;
    readonly loss: number;
    readonly smoothed: number;
  }[];
}

/** Opens an engine, trains a step on it, and tells what it is. */
export interface ProbeRequest {
  readonly type: 'probe';
  readonly engine: EngineName;
  /** The folder of the installation that is probed; the user's own where left out. */
  readonly folder?: string;
}

export interface InstallEngineRequest {
  readonly type: 'installEngine';
  readonly engine: string;
  /** A Python, or the folder of its environment, whose TensorFlow is used. */
  readonly python?: string;
  /** What is installed from instead of a download: an archive or a folder of the engine's npm package. */
  readonly from?: string;
}

export interface Prediction {
  /** The image's path, or the row of the array. */
  readonly input: string;
  readonly top: readonly { readonly index: number; readonly label: string; readonly score: number }[];
}

export type ToTrainer =
  | TrainRequest
  | PredictRequest
  | ProbeRequest
  | InstallEngineRequest
  | FindRateRequest
  | EvaluateRequest
  | JudgeRequest
  | PicturesRequest
  | PictureRequest
  | { readonly type: 'engines' }
  | RunMessage
  /** `keepBest`: a run goes back to the weights of its best epoch first. */
  | { readonly type: 'stop'; readonly keepBest?: boolean };

export type FromTrainer =
  | { readonly type: 'hello'; readonly protocol: number; readonly pid: number }
  /** The run folder exists from here on. */
  | { readonly type: 'run'; readonly folder: string }
  | { readonly type: 'event'; readonly event: RunEvent }
  | {
      readonly type: 'predictions';
      readonly shape: readonly number[];
      readonly predictions: readonly Prediction[];
    }
  | { readonly type: 'rate'; readonly found: RateFound }
  | {
      readonly type: 'evaluated';
      readonly evaluation: Evaluation;
      /** What people should know of the data. */
      readonly notes: readonly { readonly code: string; readonly message: string }[];
    }
  | { readonly type: 'judging'; readonly done: number; readonly samples: number }
  /** It is in the run's folder. */
  | { readonly type: 'judged' }
  | { readonly type: 'picturing' }
  | {
      readonly type: 'picture';
      readonly of: number | string;
      readonly side: number;
      /** Base64; null where there is nothing to see, which `why` says. */
      readonly png: string | null;
      readonly why?: string;
    }
  | { readonly type: 'probed'; readonly engine: EngineFound }
  | { readonly type: 'engines'; readonly report: EnginesReport }
  /** What an installation is doing, for people. */
  | { readonly type: 'progress'; readonly message: string }
  | { readonly type: 'installed'; readonly engine: EngineFound; readonly folder: string }
  | { readonly type: 'done' }
  | {
      readonly type: 'failed';
      readonly kind: FailureKind;
      readonly code: string;
      readonly message: string;
      readonly path?: string;
      readonly layer?: string;
    };
