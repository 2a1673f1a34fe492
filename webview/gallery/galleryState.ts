import type {
  GalleryJob,
  GalleryModel,
  GalleryProblem,
  GalleryResult,
  GalleryStore,
  HostToGallery,
} from '../../src/protocol/gallery';

/** What the host has told. */
export interface GalleryState {
  /** Null till the host has said what there is. */
  readonly models: readonly GalleryModel[] | null;
  readonly cached: ReadonlySet<string>;
  readonly store: GalleryStore | null;
  readonly jobs: readonly GalleryJob[];
  /** The newest answer, to the request of that number. */
  readonly answer: {
    readonly request: number;
    readonly result?: GalleryResult;
    readonly problem?: GalleryProblem;
  } | null;
}

export const NOTHING_TOLD: GalleryState = {
  ...{ models: null, cached: new Set<string>(), store: null, jobs: [], answer: null },
};

export function receive(state: GalleryState, message: HostToGallery): GalleryState {
  switch (message.type) {
    case 'gallery': {
      const { models, cached, store, jobs } = message;
      return { ...state, models, cached: new Set(cached), store, jobs };
    }
    case 'cached':
      return { ...state, cached: new Set(message.cached) };
    case 'jobs':
      return { ...state, jobs: message.jobs };
    case 'described':
    case 'refused': {
      const { request } = message;
      // Answers come in the order of their questions, but for one that was asked of another page.
      if (state.answer && request < state.answer.request) return state;
      return message.type === 'described'
        ? { ...state, answer: { request, result: message.result } }
        : { ...state, answer: { request, problem: message.problem } };
    }
  }
}
