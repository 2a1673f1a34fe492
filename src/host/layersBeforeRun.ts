import type { LayerGraph } from '../core/graph/layerGraph';
import { openOperated } from '../formats/operatedModel';
import { readPlan } from '../formats/planFile';
import { planFileAround } from '../runs/runAround';

/**
 * The layers with the weights that a run began with, where a model is what the run made of them: those of its base after
 * the recipe, new ones with the numbers that their initializers drew.
 *
 * @param allow refuses a plan whose model may not be read
 * @throws Failure where the run's plan, its base or its recipe cannot be read any more, or is another
 */
export async function layersBeforeRun(
  modelPath: string,
  allow: (plan: string) => Promise<void>,
): Promise<LayerGraph | undefined> {
  const file = await planFileAround(modelPath);
  if (file === undefined) return undefined;
  await allow(file);
  const plan = await readPlan(file);
  return (await openOperated(plan.model, plan.recipe)).graph;
}
