import type { Tensorlike } from '../batch';
import { Executor } from '../executor';
import type { Computable } from '../program/fold';

/** A model's outputs for batches, in inference. */
export interface Forward {
  run(inputs: readonly Tensorlike[]): Promise<readonly Tensorlike[]>;
  dispose(): Promise<void>;
}

/**
 * On the engine that is open.
 * @throws Failure of kind `input` (`LAYER_CANNOT_TRAIN`)
 */
export async function engineForward(model: Computable): Promise<Forward> {
  const executor = await Executor.create(model.graph, ({ name }, weight) => model.weights(name, weight));
  return {
    run: (inputs) => executor.predict(inputs),
    dispose: async () => executor.dispose(),
  };
}
