import type { WeightRef } from '../../core/graph/layerGraph';
import type { FilterPictures } from '../../core/weights/filters';
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
  | { readonly type: 'cancel'; readonly request: number };

export type FromInspector =
  /** Of one of the weights, by its place in the request. */
  | {
      readonly type: 'measured';
      readonly request: number;
      readonly at: number;
      readonly statistics: WeightStatistics;
    }
  | { readonly type: 'filters'; readonly request: number; readonly filters: FilterPictures | undefined }
  | { readonly type: 'done'; readonly request: number }
  | {
      readonly type: 'failed';
      readonly request: number;
      readonly code: string;
      readonly message: string;
    };
