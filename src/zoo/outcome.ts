import type { Shape } from '../core/graph/layerGraph';
import { summarize } from '../core/summary/summarize';
import { graphOf, type ZooWish } from './zooModel';

/** What a wish comes to, before anything is fetched for it. */
export interface ZooOutcome {
  /** The first output's, the batch first; null where it cannot be told. */
  readonly output: Shape | null;
  /** Statistics counted too, as Keras counts. */
  readonly parameters: number;
  readonly layers: number;
}

/** @throws Failure `ZOO_INPUT_SIZE`, `ZOO_CLASSES`, `ZOO_ACTIVATION`, `ZOO_POOLING` */
export function outcomeOf(wish: ZooWish): ZooOutcome {
  const { outputs, totalParams, layers } = summarize(graphOf(wish));
  return { output: outputs[0]?.shape ?? null, parameters: totalParams, layers: layers.length };
}
