import { Failure, type Fault } from '../core/failure';
import { EMPTY_RECIPE, type Recipe } from '../core/surgery/recipe';
import { replay, type Replayed } from '../core/surgery/replay';
import { checkFingerprint } from '../formats/fingerprint';
import type { ModelFile } from '../formats/format';
import { readRecipe } from '../formats/recipeFile';
import { openModel } from '../formats/registry';

/** A model file with a recipe performed on it. */
export interface Operated extends Replayed {
  readonly file: ModelFile;
  /** Findings of the reader about layers that are still there, shapes that disagree, and what the recipe did. */
  readonly report: readonly Fault[];
}

/** @throws Failure where a file cannot be read, the recipe is for another one, or an operation cannot be done */
export async function openOperated(modelPath: string, recipePath: string | undefined): Promise<Operated> {
  const recipe: Recipe = recipePath === undefined ? EMPTY_RECIPE : await readRecipe(recipePath);
  const file = await openModel(modelPath);
  await checkFingerprint(recipe, modelPath);
  const replayed = replay(file.graph, recipe);
  const names = new Set(replayed.graph.layers.map((layer) => layer.name));
  const present = file.report.filter(({ layer }) => layer === undefined || names.has(layer));
  return { ...replayed, file, report: [...present, ...replayed.faults, ...replayed.notes] };
}

/** @throws Failure for the first finding that makes the model one that cannot be computed */
export function refuseFaults(modelPath: string, { faults }: Replayed): void {
  const [first, ...more] = faults.filter((fault) => fault.severity === 'error');
  if (!first) return;
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
  throw new Failure('input', first.code, `${modelPath}: ${first.message}${rest}`, {
    path: modelPath,
    layer: first.layer,
  });
}

/** A finding as a line for people. */
export function lineOf({ severity, code, message }: Fault): string {
  return `${severity} ${code}: ${message}`;
}
