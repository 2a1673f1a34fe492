import path from 'node:path';
import { Failure, type Fault } from '../core/failure';
import type { Frozen } from '../core/freeze/apply';
import type { FreezeRule } from '../core/freeze/rule';
import type { LayerGraph } from '../core/graph/layerGraph';
import { EMPTY_RECIPE, type Recipe } from '../core/surgery/recipe';
import { createReplayer, type Replayed } from '../core/surgery/replay';
import { donorsOf, type DonorShelf } from './donors';
import { checkFingerprint } from './fingerprint';
import type { ModelFile } from './format';
import { readRecipe } from './recipeFile';
import { refuseWeightsOnly } from './refuseWeightsOnly';
import { openModel } from './registry';
import { t } from '../l10n/translate';

/** A model file with a recipe carried out on it. */
export interface OperatedModel extends Replayed {
  readonly file: ModelFile;
  /** As read, its base's path absolute; none where none was given. */
  readonly recipe?: Recipe;
  /** What the recipe takes from. */
  readonly donors: DonorShelf;
  /** Class names, where the file has them and its outputs are still there: a new head has classes of its own. */
  readonly labels?: readonly string[];
  /** Findings of the reader on layers that are still there, shapes that disagree, and what the recipe did. */
  readonly report: readonly Fault[];
  /** The same operations with other freeze rules. */
  refreeze(rules: readonly FreezeRule[]): Frozen;
}

/** @throws Failure where a file cannot be read, the recipe is for another one, or an operation cannot be done */
export async function openOperated(modelPath: string, recipePath?: string): Promise<OperatedModel> {
  const recipe = recipePath === undefined ? undefined : await readRecipe(recipePath);
  if (recipe) await checkFingerprint(recipe, modelPath);
  const file = await openModel(modelPath);
  if (recipe) refuseWeightsOnly(file);
  const operations = recipe ?? EMPTY_RECIPE;
  const donors = await donorsOf(operations);
  const replay = createReplayer(file.graph, donors.graphs);
  const replayed = replay(operations);
  const { graph, faults, notes } = replayed;
  const names = new Set(graph.layers.map((layer) => layer.name));
  const present = file.report.filter(({ layer }) => layer === undefined || names.has(layer));
  const labels = labelsAfter(file, graph);
  return {
    ...replayed,
    file,
    donors,
    ...(recipe && { recipe }),
    ...(labels && { labels }),
    report: [...present, ...faults, ...notes],
    refreeze: (rules) => replay({ ...operations, freeze: [...rules] }),
  };
}

/** Class names of a model after a recipe: a new head has classes of its own. */
export function labelsAfter(file: ModelFile, graph: LayerGraph): readonly string[] | undefined {
  return graph.outputs.every((output) => file.graph.outputs.includes(output)) ? file.labels : undefined;
}

/** @throws Failure for the first finding that makes the model one whose shapes disagree */
export function refuseFaults({ file, faults }: Pick<OperatedModel, 'file' | 'faults'>): void {
  const [first, ...more] = faults.filter((fault) => fault.severity === 'error');
  if (!first) return;
  const what = more.length === 0 ? first.message : t('{0} (and {1} more)', first.message, more.length);
  throw new Failure('input', first.code, `${file.path}: ${what}`, {
    path: file.path,
    ...(first.layer !== undefined && { layer: first.layer }),
  });
}

/** @throws Failure for a layer that the catalogue does not know */
export function refuseOpaque({ file, graph }: OperatedModel): void {
  const opaque = graph.layers.find((layer) => layer.opaque !== undefined);
  if (!opaque) return;
  throw new Failure(
    'input',
    'LAYER_OPAQUE',
    t(
      '{0}: the layer "{1}" of kind {2} cannot be computed: {3}; cut it away',
      file.path,
      opaque.name,
      opaque.kind,
      opaque.opaque,
    ),
    { path: file.path, layer: opaque.name },
  );
}

/** What people call the model: its file's name, or that of the folder around a `model.json`. */
export function nameOfModel(modelPath: string): string {
  const { name, base, dir } = path.parse(path.resolve(modelPath));
  return base === 'model.json' ? path.basename(dir) : name;
}
