import type { Judgement } from '../../../src/core/run/judgement';
import type { JudgingToPage, PredictedImage, Wrong } from '../../../src/protocol/judging';

/** What is known of how a run is judged. */
export type Judging =
  | { readonly state: 'looking' | 'notYet' | 'noModel' }
  | { readonly state: 'judging'; readonly done: number; readonly samples: number | null }
  | { readonly state: 'wrong'; readonly wrong: Wrong }
  | { readonly state: 'judged'; readonly judgement: Judgement };

export type Predicting =
  | { readonly state: 'none' }
  | { readonly state: 'going'; readonly images: number }
  | { readonly state: 'wrong'; readonly wrong: Wrong }
  | { readonly state: 'done'; readonly images: readonly PredictedImage[]; readonly left: number };

export interface JudgeState {
  readonly judging: Judging;
  readonly predicting: Predicting;
}

export const NOTHING_JUDGED: JudgeState = { judging: { state: 'looking' }, predicting: { state: 'none' } };

/** Somebody has seen enough of the predictions. */
export interface PredictionsClosed {
  readonly type: 'predictionsClosed';
}

/** Takes in what the host says of the run on show; pictures go elsewhere. */
export function receiveJudging(known: JudgeState, message: JudgingToPage | PredictionsClosed): JudgeState {
  switch (message.type) {
    case 'predictionsClosed':
      return { ...known, predicting: { state: 'none' } };
    case 'judging':
      return { ...known, judging: { state: 'judging', done: message.done, samples: message.samples } };
    case 'judged':
      return { ...known, judging: { state: 'judged', judgement: message.judgement } };
    case 'notJudged': {
      const { reason } = message;
      const judging: Judging =
        typeof reason === 'string' ? { state: reason } : { state: 'wrong', wrong: reason };
      return { ...known, judging };
    }
    case 'predicting':
      return { ...known, predicting: { state: 'going', images: message.images } };
    case 'predictedImages':
      return { ...known, predicting: { state: 'done', images: message.images, left: message.left } };
    case 'notPredicted': {
      const { reason } = message;
      if (reason) return { ...known, predicting: { state: 'wrong', wrong: reason } };
      return known.predicting.state === 'going' ? { ...known, predicting: { state: 'none' } } : known;
    }
    case 'pictures':
      return known;
  }
}

const TYPES: ReadonlySet<string> = new Set<JudgingToPage['type']>([
  'judging',
  'judged',
  'notJudged',
  'pictures',
  'predicting',
  'predictedImages',
  'notPredicted',
]);

export function isJudging(message: { readonly type: string }): message is JudgingToPage {
  return TYPES.has(message.type);
}
