import type { LayerGraph } from '../core/graph/layerGraph';
import { openOperated } from '../formats/operatedModel';
import { planOfRunAround } from '../runs/runAround';

/**
 * The layers with the weights that a run began with, where a model is what the run made of them: those of its base after
 * the recipe, new ones with the numbers that their initializers drew.
 * @throws Failure where the run's plan, its base or its recipe cannot be read any more, or is another
 */
export async function layersBeforeRun(modelPath: string): Promise<LayerGraph | undefined> {
  const plan = await planOfRunAround(modelPath);
  return plan && (await openOperated(plan.model, plan.recipe)).graph;
}
