import path from 'node:path';
import type { Fault } from '../core/failure';
import type { LayerGraph } from '../core/graph/layerGraph';
import { layersByName } from '../core/graph/lookup';
import { stagesOf } from '../core/graph/stages';
import { applyEdit } from '../core/surgery/edit';
import { labelOf } from '../core/surgery/label';
import { donorPathsIn, withDonorPaths } from '../core/surgery/donors';
import type { Operation, Recipe } from '../core/surgery/recipe';
import { recipeUpTo, stepAt } from '../core/surgery/recipeUpTo';
import { createReplayer, type Replayed } from '../core/surgery/replay';
import { DonorShelf } from '../formats/donors';
import type { ModelFile } from '../formats/format';
import { refuseWeightsOnly } from '../formats/refuseWeightsOnly';
import { formatNamed } from '../formats/registry';
import type { Edit, ModelView } from '../protocol/editor';
import { toModelView } from '../protocol/modelView';

/** A base model with a recipe carried out on it. An edit makes a new one; the base is shared. */
export interface OpenedModel {
  readonly base: ModelFile;
  readonly recipe: Recipe;
  /** The base with the recipe carried out. */
  readonly graph: LayerGraph;
  readonly view: ModelView;
  /** What stops a training, were it started now. */
  readonly errors: readonly Fault[];
}

/** A base model on the table: carries recipes out on it, each at the cost of what the last one did not share. */
export class OperatingTable {
  private readonly replay: (recipe: Recipe) => Replayed;
  private replaySteps?: (recipe: Recipe) => Replayed;
  private readonly baseIds: ReadonlySet<string>;
  private readonly donors = new DonorShelf();

  constructor(readonly base: ModelFile) {
    this.replay = createReplayer(base.graph, this.donors.graphs);
    this.baseIds = new Set(base.graph.layers.map((layer) => layer.id));
  }

  /**
   * Opens the models that a recipe takes from, which comes before operating and editing.
   *
   * @returns the recipe, with what the files of its donors are
   * @throws Failure where a donor cannot be read, or is not the file that the recipe says
   */
  async openDonors(recipe: Recipe): Promise<Recipe> {
    await this.donors.open(recipe);
    return this.donors.fingerprinted(recipe);
  }

  /** Opens a model that no recipe takes from yet. @throws Failure where it cannot be read; the signal's reason */
  openDonor(file: string, signal?: AbortSignal): Promise<ModelFile> {
    return this.donors.openFile(file, signal);
  }

  /** Whether a recipe would take from other models after an edit: `prepare` comes first then. */
  takesFromDonors(recipe: Recipe, intent: Edit): boolean {
    return donorPathsIn(applyEdit(recipe, intent).recipe).length > 0;
  }

  /**
   * Opens the models that a recipe takes from after an edit.
   *
   * @param folder what a relative path in the edit is relative to
   * @param allow refuses a recipe that takes from where it may not
   * @returns the edit, with what the file of its donor is
   * @throws Failure where a donor cannot be read, or is not the file that the recipe says
   */
  async prepare(
    recipe: Recipe,
    intent: Edit,
    folder: string,
    allow: (recipe: Recipe) => Promise<void>,
  ): Promise<Edit> {
    const resolved = 'operation' in intent ? withPaths(intent, folder) : intent;
    await allow(applyEdit(recipe, resolved).recipe);
    const prepared = 'operation' in resolved ? await this.withDonor(resolved) : resolved;
    await this.donors.open(applyEdit(recipe, prepared).recipe);
    return prepared;
  }

  private async withDonor<E extends { readonly operation: Operation }>(intent: E): Promise<E> {
    const { operations } = await this.donors.fingerprinted({ operations: [intent.operation] });
    return { ...intent, operation: operations[0] ?? intent.operation };
  }

  /** @throws Failure when an operation of the recipe cannot be carried out on this base */
  operate(recipe: Recipe, replay = this.replay): OpenedModel {
    const { base } = this;
    const { graph, inference, faults, notes, warmStarts } = replay(recipe);
    const names = layersByName(graph);
    // A finding about a layer that was cut away concerns nobody any more.
    const isStillThere = ({ layer }: Fault) => layer === undefined || names.has(layer);
    const view = toModelView({
      graph,
      inference,
      faults: [...base.report, ...faults, ...notes].filter(isStillThere),
      recipe,
      warmStarts,
      history: recipe.operations.map(labelOf),
      baseIds: this.baseIds,
      stages: stagesOf(graph, inference),
      file: path.basename(base.path),
      format: formatNamed(base.format).title,
      ...(base.weightsOnly && { weightsOnly: base.weightsOnly }),
    });
    return { base, recipe, graph, view, errors: view.faults.filter((fault) => fault.severity === 'error') };
  }

  /**
   * The model before and after one step of a recipe, as if it were switched on; freezing aside.
   *
   * @throws Failure `STEP_UNKNOWN`, and where a step cannot be carried out
   */
  aroundStep(recipe: Recipe, at: number): { readonly before: ModelView; readonly after: ModelView } {
    stepAt(recipe, at);
    // Apart from the recipe's own replay, whose states stay remembered.
    this.replaySteps ??= createReplayer(this.base.graph, this.donors.graphs);
    const viewOf = (count: number) => this.operate(recipeUpTo(recipe, count), this.replaySteps).view;
    return { before: viewOf(at), after: viewOf(at + 1) };
  }

  /** @throws Failure when the edit cannot be carried out; nothing has changed then */
  edit(recipe: Recipe, intent: Edit): { readonly opened: OpenedModel; readonly label: string } {
    refuseWeightsOnly(this.base);
    const edited = applyEdit(recipe, intent);
    return { opened: this.operate(edited.recipe), label: edited.label };
  }
}

function withPaths<E extends { readonly operation: Operation }>(intent: E, folder: string): E {
  const [operation = intent.operation] = withDonorPaths([intent.operation], (donor) =>
    path.resolve(folder, donor),
  );
  return { ...intent, operation };
}
