import path from 'node:path';
import { Failure, type Fault } from '../core/failure';
import type { LayerGraph } from '../core/graph/layerGraph';
import type { FreezeRule } from '../core/freeze/rule';
import { EMPTY_RECIPE, type Recipe } from '../core/surgery/recipe';
import { createReplayer, type Replayed } from '../core/surgery/replay';
import { checkFingerprint } from '../formats/fingerprint';
import { readRecipe } from '../formats/recipeFile';
import { openModel as openModelFile } from '../formats/registry';

/** A model after its recipe, fit to be computed. */
export interface OperatedModel extends Replayed {
  /** As the run is called where the plan has no name. */
  readonly name: string;
  /** As read; its base's path absolute. */
  readonly recipe?: Recipe;
  readonly labels?: readonly string[];
  /** The same operations with other freeze rules. */
  refreeze(rules: readonly FreezeRule[]): LayerGraph;
}

/**
 * Opens a model file, performs the recipe on it where there is one, and refuses what cannot be computed.
 * @throws Failure of kind `input`
 */
export async function openModel(modelPath: string, recipePath?: string): Promise<OperatedModel> {
  const recipe = recipePath === undefined ? undefined : await readRecipe(recipePath);
  if (recipe) await checkFingerprint(recipe, modelPath);
  const file = await openModelFile(modelPath);
  const replay = createReplayer(file.graph);
  const operations = recipe ?? EMPTY_RECIPE;
  const replayed = replay(operations);
  refuseFaults(modelPath, replayed);
  return {
    ...replayed,
    name: nameOf(modelPath),
    ...(recipe && { recipe }),
    ...(file.labels && { labels: file.labels }),
    refreeze: (rules) => replay({ ...operations, freeze: [...rules] }).graph,
  };
}

/** Of the file, or of the folder around a `model.json`. */
function nameOf(modelPath: string): string {
  const { name, base, dir } = path.parse(path.resolve(modelPath));
  return base === 'model.json' ? path.basename(dir) : name;
}

function refuseFaults(modelPath: string, { graph, faults }: Replayed): void {
  const opaque = graph.layers.find((layer) => layer.opaque !== undefined);
  if (opaque) {
    throw new Failure(
      'input',
      'LAYER_OPAQUE',
      `${modelPath}: the layer "${opaque.name}" of kind ${opaque.kind} cannot be computed: ${opaque.opaque}; cut it away`,
      { path: modelPath, layer: opaque.name },
    );
  }
  const fault: Fault | undefined = faults.find(({ severity }) => severity === 'error');
  if (!fault) return;
  throw new Failure('input', fault.code, `${modelPath}: ${fault.message}`, {
    path: modelPath,
    ...(fault.layer !== undefined && { layer: fault.layer }),
  });
}
