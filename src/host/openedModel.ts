import path from 'node:path';
import type { Fault } from '../core/failure';
import type { LayerGraph } from '../core/graph/layerGraph';
import { stagesOf } from '../core/graph/stages';
import { applyEdit } from '../core/surgery/edit';
import { labelOf } from '../core/surgery/label';
import type { Recipe } from '../core/surgery/recipe';
import { replay } from '../core/surgery/replay';
import type { ModelFile } from '../formats/format';
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

/** @throws Failure when an operation of the recipe cannot be carried out on this base */
export function operate(base: ModelFile, recipe: Recipe): OpenedModel {
  const { graph, inference, faults } = replay(base.graph, recipe);
  const view = toModelView({
    graph,
    inference,
    faults: [...base.report.filter((fault) => stillThere(fault, graph.layers)), ...faults],
    recipe,
    history: recipe.operations.map(labelOf),
    baseIds: new Set(base.graph.layers.map((layer) => layer.id)),
    stages: stagesOf(graph, inference),
    file: path.basename(base.path),
    format: base.format,
  });
  return { base, recipe, graph, view, errors: view.faults.filter((fault) => fault.severity === 'error') };
}

/** @throws Failure when the edit cannot be carried out; nothing has changed then */
export function edit(
  opened: OpenedModel,
  intent: Edit,
): { readonly opened: OpenedModel; readonly label: string } {
  const { recipe, label } = applyEdit(opened.base.graph, opened.recipe, intent);
  return { opened: operate(opened.base, recipe), label };
}

/** A finding about a layer that was cut away concerns nobody any more. */
function stillThere(fault: Fault, layers: readonly { readonly name: string }[]): boolean {
  return fault.layer === undefined || layers.some((layer) => layer.name === fault.layer);
}
