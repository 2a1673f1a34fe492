/** Steers a run that is going on; each is heard between two steps. */
export type RunMessage =
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'saveCheckpoint' }
  /** From the next step to the end of the phase. */
  | { readonly type: 'setLearningRate'; readonly learningRate: number };
