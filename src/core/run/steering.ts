import type { Plan } from '../plan/plan';

/** Steers a run that is going on; each is heard between two steps. */
export type RunMessage =
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'saveCheckpoint' }
  /** From the next step to the end of the phase. */
  | { readonly type: 'setLearningRate'; readonly learningRate: number };

/** Whether a stop goes back to the best epoch's weights: where the plan says that somebody cares for them. */
export function keepsBest(plan: Pick<Plan, 'earlyStopping' | 'checkpoint'> | undefined): boolean {
  return plan?.earlyStopping !== undefined || plan?.checkpoint !== undefined;
}

/** Ends a run after the step in hand; `keepBest`: it goes back to the weights of its best epoch first. */
export interface StopMessage {
  readonly type: 'stop';
  readonly keepBest?: boolean | undefined;
}
