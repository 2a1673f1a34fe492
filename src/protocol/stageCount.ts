import type { ModelView } from './editor';

/** How many stages a rule about stages counts in a model. */
export function stageCount({ layers }: Pick<ModelView, 'layers'>): number {
  return layers.reduce((most, { stage }) => Math.max(most, stage + 1), 0);
}

/** How many of them stay frozen where so many of the last ones are not to be. */
export const stagesLeftFrozen = (all: number, unfrozen: number): number => Math.max(all - unfrozen, 0);
