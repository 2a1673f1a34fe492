import type { WeightRef } from '../../core/graph/layerGraph';
import type { FilterPictures } from '../../core/weights/filters';
import type { Movement } from '../../core/weights/movement';
import type { WeightStatistics } from '../../core/weights/statistics';

/** What is asked of the worker thread that looks at weights. A cancelled request is answered with nothing more. */
export type ToInspector =
  | { readonly type: 'measure'; readonly request: number; readonly weights: readonly WeightRef[] }
  | {
      readonly type: 'filters';
      readonly request: number;
      readonly weight: WeightRef;
      readonly channel: number;
    }
  /** How far weights have gone, each from one of the same size. */
  | {
      readonly type: 'compare';
      readonly request: number;
      readonly pairs: readonly WeightPair[];
    }
  | { readonly type: 'cancel'; readonly request: number };

export interface WeightPair {
  readonly before: WeightRef;
  readonly after: WeightRef;
}

export type FromInspector =
  /** Of one of the weights, by its place in the request. */
  | {
      readonly type: 'measured';
      readonly request: number;
      readonly at: number;
      readonly statistics: WeightStatistics;
    }
  | { readonly type: 'filters'; readonly request: number; readonly filters: FilterPictures | undefined }
  /** Of all pairs of a request together. */
  | { readonly type: 'compared'; readonly request: number; readonly movement: Movement }
  | { readonly type: 'done'; readonly request: number }
  | {
      readonly type: 'failed';
      readonly request: number;
      readonly code: string;
      readonly message: string;
    };
