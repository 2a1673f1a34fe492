import type { Judgement } from '../core/run/judgement';

/** What the Judge section of the run panel and the host say to each other. */

export type JudgingFromPage =
  /** Wants what is known of the run's judgement: what is kept of it where it is of the model as it is now. */
  | { readonly type: 'lookAtJudgement'; readonly id: string }
  | { readonly type: 'judge'; readonly id: string }
  | { readonly type: 'cancelJudging'; readonly id: string }
  /** Wants pictures of what is on screen; a later ask takes the place of those that wait. */
  | { readonly type: 'pictures'; readonly id: string; readonly wanted: readonly WantedPicture[] }
  /** Wants predictions: of images that the host asks for, or of those that were dropped. */
  | {
      readonly type: 'predictImages';
      readonly id: string;
      readonly from: 'files' | 'folder' | { readonly dropped: readonly DroppedImage[] };
    }
  | { readonly type: 'showMovement'; readonly id: string };

/** Where it is, or what it holds: file managers give a page the latter alone. */
export type DroppedImage =
  { readonly uri: string } | { readonly name: string; readonly bytes: ArrayBuffer | Uint8Array };

export interface WantedPicture {
  /** A held-out sample's number in its data, or an image's path. */
  readonly of: number | string;
  /** Pixels of its longer side; smaller images stay so. */
  readonly side: number;
}

export type JudgingToPage =
  | { readonly type: 'judging'; readonly id: string; readonly done: number; readonly samples: number | null }
  | { readonly type: 'judged'; readonly id: string; readonly judgement: Judgement }
  | { readonly type: 'notJudged'; readonly id: string; readonly reason: 'notYet' | 'noModel' | Wrong }
  | { readonly type: 'pictures'; readonly id: string; readonly pictures: readonly SamplePicture[] }
  | { readonly type: 'predicting'; readonly id: string; readonly images: number }
  | {
      readonly type: 'predictedImages';
      readonly id: string;
      readonly images: readonly PredictedImage[];
      /** Beyond `MOST_PREDICTED`. */
      readonly left: number;
    }
  /** Without a reason where nobody chose an image. */
  | { readonly type: 'notPredicted'; readonly id: string; readonly reason?: Wrong };

export interface Wrong {
  readonly code: string;
  readonly message: string;
}

export interface SamplePicture extends WantedPicture {
  /** As a `data:` address; null where the sample is no picture or cannot be read, which `why` says. */
  readonly png: string | null;
  readonly why?: string;
}

export interface PredictedImage {
  /** Its path. */
  readonly file: string;
  readonly name: string;
  readonly top: readonly { readonly label: string; readonly score: number }[];
}

/** Pictures asked for at once: more than a screen shows. */
export const MOST_PICTURES = 96;
/** Pixels of a picture's longer side. */
export const LARGEST_PICTURE = 512;
/** Images dropped or chosen at once; the rest is said to be left out. */
export const MOST_PREDICTED = 200;
/** Of one dropped image, in bytes: what cameras write fits. */
export const LARGEST_DROPPED = 32 * 2 ** 20;
