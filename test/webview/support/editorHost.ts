import { Failure } from '../../../src/core/failure';
import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import { inferShapes } from '../../../src/core/graph/infer';
import { stagesOf } from '../../../src/core/graph/stages';
import { printSummary } from '../../../src/core/summary/printSummary';
import type { HeadOptions } from '../../../src/core/surgery/head';
import { labelOf } from '../../../src/core/surgery/label';
import type { Recipe } from '../../../src/core/surgery/recipe';
import { applyEdit } from '../../../src/core/surgery/edit';
import { EMPTY_RECIPE } from '../../../src/core/surgery/recipe';
import { recipeUpTo, stepAt } from '../../../src/core/surgery/recipeUpTo';
import { createReplayer } from '../../../src/core/surgery/replay';
import type {
  DatasetView,
  Edit,
  EditorToHost,
  HostToEditor,
  ModelView,
  TrainingForm,
} from '../../../src/protocol/editor';
import { changeOf } from '../../../src/protocol/modelChange';
import { modelMessage } from '../../../src/protocol/packedModel';
import { kindViews } from '../../../src/protocol/kindViews';
import { toModelView } from '../../../src/protocol/modelView';
import { formProblem } from '../../../src/protocol/formPlan';
import { stageCount } from '../../../src/protocol/stageCount';
import { previewOf, previewOfStep, withHead } from '../../../src/protocol/surgerySheets';

export const FORM: TrainingForm = {
  dataFolder: '',
  epochs: 5,
  batchSize: 32,
  optimizer: 'sgd',
  learningRate: 0.01,
  validation: 0.2,
  preprocess: 'unit',
  seed: 42,
};

export const DIGITS: DatasetView = {
  folder: '/workspace/digits-5-9',
  label: 'digits-5-9',
  classes: ['5', '6', '7', '8', '9'].map((name, place) => ({ name, images: 150 + place * 7 })),
};

/** The extension host as far as the editor sees it: replays recipes with the real core, on a graph in memory. */
export class EditorHost {
  private readonly replay;
  private readonly baseIds;
  private readonly done: Recipe[] = [EMPTY_RECIPE];
  private undone: Recipe[] = [];
  /** What the editor has been told, as the host remembers it. */
  private told: ModelView | undefined;
  /** The models that recipes take from, by their paths there. */
  readonly donors = new Map<string, LayerGraph>();
  private form: TrainingForm = FORM;
  private dataset: DatasetView | null = null;
  private heads: readonly HeadOptions[] = [];
  /** What people choose in the dialog for a donor; none where they close it. */
  chosenFile: string | undefined;

  constructor(
    base: LayerGraph,
    private readonly file = 'digits-0-4.h5',
    private readonly format = 'Keras HDF5',
    private readonly weightsOnly = false,
  ) {
    this.replay = createReplayer(base, this.donors);
    this.baseIds = new Set(base.layers.map(({ id }) => id));
  }

  model(recipe: Recipe = this.recipe): ModelView {
    const { graph, inference, faults, notes, warmStarts } = this.replay(recipe);
    return toModelView({
      graph,
      inference,
      faults: [...faults, ...notes],
      recipe,
      warmStarts,
      history: recipe.operations.map(labelOf),
      baseIds: this.baseIds,
      stages: stagesOf(graph, inference),
      file: this.file,
      format: this.format,
      ...(this.weightsOnly && { weightsOnly: true }),
    });
  }

  get recipe(): Recipe {
    return this.done.at(-1) ?? EMPTY_RECIPE;
  }

  /** The model as it stands, with where its weights are. */
  get graph(): LayerGraph {
    return this.replay(this.recipe).graph;
  }

  /** What the host says when the editor says that it is ready. */
  greeting(): HostToEditor[] {
    this.told = undefined;
    return [this.modelMessage(), this.trainingMessage()];
  }

  /** What the host answers to a message. */
  answer(message: EditorToHost): HostToEditor[] {
    switch (message.type) {
      case 'ready':
        return this.greeting();
      case 'edit':
        return [this.edit(message.edit)];
      case 'preview':
        return [this.preview(message.request, message.edit)];
      case 'kinds':
        return [{ type: 'kinds', kinds: kindViews() }];
      case 'openModels':
        return [
          {
            type: 'openModels',
            models: [...this.donors.keys()].map((path) => ({ path, label: labelOfPath(path) })),
          },
        ];
      case 'openDonor':
        return this.openDonor(message.from);
      case 'closeDonor':
        return [{ type: 'donor', donor: { kind: 'none' } }];
      case 'heads':
        return [{ type: 'heads', heads: this.heads }];
      case 'rememberHead':
        this.heads = withHead(this.heads, message.head);
        return [{ type: 'heads', heads: this.heads }];
      case 'step': {
        const { before } = this.aroundStep(this.recipe, message.at);
        const operation = stepAt(this.recipe, message.at);
        return [{ type: 'step', at: message.at, operation, model: before }];
      }
      case 'undo':
        if (this.done.length > 1) this.undone.push(...this.done.splice(-1));
        return [this.modelMessage()];
      case 'redo':
        this.done.push(...this.undone.splice(-1));
        return [this.modelMessage()];
      case 'browseDataset':
        this.dataset = DIGITS;
        this.form = { ...this.form, dataFolder: DIGITS.folder };
        return [this.trainingMessage()];
      case 'training':
        this.form = message.form;
        return [this.trainingMessage(), this.planProblemMessage()];
      case 'summary':
        return [
          {
            type: 'summary',
            text: printSummary(
              this.replay(this.recipe).graph,
              message.layers && { only: new Set(message.layers) },
            ),
          },
        ];
      case 'base':
        return [{ type: 'base', model: this.model(EMPTY_RECIPE) }];
      case 'saveFile':
      case 'inspect':
      case 'filters':
      case 'measureSpreads':
      case 'train':
      case 'showPlan':
      case 'export':
      case 'showRuns':
      case 'copy':
        return [];
    }
  }

  private edit(edit: Edit): HostToEditor {
    let next: Recipe;
    try {
      next = applyEdit(this.recipe, edit).recipe;
      this.replay(next);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { type: 'refused', code: error.code, message: error.message };
    }
    this.done.push(next);
    this.undone = [];
    return this.modelMessage();
  }

  private preview(request: number, edit: Edit): HostToEditor {
    try {
      const after = this.model(applyEdit(this.recipe, edit).recipe);
      const { totals, layers } = after;
      const frozen = layers.filter(({ trainable, weights }) => !trainable && weights.length > 0);
      return {
        ...{ type: 'previewed', request, totals, frozen: frozen.map(({ id }) => id) },
        ...(edit.type === 'operate' && this.told && { surgery: previewOf(this.told, after) }),
        ...(edit.type === 'changeOperation' &&
          this.told && {
            surgery: previewOfStep(this.aroundStep(after.recipe, edit.at), { before: this.told, after }),
          }),
      };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { type: 'previewed', request, problem: { code: error.code, message: error.message } };
    }
  }

  private aroundStep(recipe: Recipe, at: number) {
    return { before: this.model(recipeUpTo(recipe, at)), after: this.model(recipeUpTo(recipe, at + 1)) };
  }

  private openDonor(from: Extract<EditorToHost, { readonly type: 'openDonor' }>['from']): HostToEditor[] {
    const path =
      from === 'browse' ? this.chosenFile : 'path' in from ? from.path : new URL(from.uri).pathname;
    if (path === undefined) return [];
    const label = labelOfPath(path);
    const graph = this.donors.get(path);
    const opening: HostToEditor = { type: 'donor', donor: { kind: 'opening', label } };
    if (!graph) {
      const message = `${path}: found no file, expected a model`;
      return [
        opening,
        { type: 'donor', donor: { kind: 'unreadable', label, code: 'FILE_MISSING', message } },
      ];
    }
    const model = donorView(graph, label);
    return [opening, { type: 'donor', donor: { kind: 'open', path, label, model } }];
  }

  private modelMessage(): HostToEditor {
    const before = this.told;
    const model = this.model();
    this.told = model;
    return before ? { type: 'modelChange', change: changeOf(before, model) } : modelMessage(model);
  }

  private planProblemMessage(): HostToEditor {
    const problem = formProblem(this.form, stageCount(this.model()));
    return { type: 'planProblem', problem };
  }

  private trainingMessage(): HostToEditor {
    return { type: 'training', form: this.form, dataset: this.dataset, running: false };
  }
}

const labelOfPath = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** A donor as the host shows it: as it stands in its file. */
function donorView(graph: LayerGraph, file: string): ModelView {
  const inference = inferShapes(graph);
  return toModelView({
    ...{ graph, inference, faults: [], recipe: EMPTY_RECIPE, history: [], file, format: 'Keras HDF5' },
    baseIds: new Set(graph.layers.map(({ id }) => id)),
    stages: stagesOf(graph, inference),
    ...(graph.outputs.length === 0 && { weightsOnly: true }),
  });
}
