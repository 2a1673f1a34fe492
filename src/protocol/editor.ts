import type { Backbone } from '../core/backbone/recognise';
import type { Fault } from '../core/failure';
import type { DType, LayerConfig, Shape } from '../core/graph/layerGraph';
import type { Edit } from '../core/surgery/edit';
import type { Recipe } from '../core/surgery/recipe';
import type { WarmStart } from '../core/surgery/replay';
import type { PlanInput } from '../core/plan/plan';
import type { FormField } from '../core/layers/form';
import type { FilterPictures } from '../core/weights/filters';
import type { Movement } from '../core/weights/movement';
import type { WeightStatistics } from '../core/weights/statistics';
import type { PackedModel } from './packedModel';
import type { SaveFile } from './pageFiles';
import type { SurgeryPreview, SurgeryToEditor, SurgeryToHost } from './surgerySheets';

/** Host ↔ editor webview. The host owns the document: the webview sends intents and draws what comes back. */
export const EDITOR_PROTOCOL = 1;

export interface WeightView {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly role: 'parameter' | 'statistic';
  /** Freshly initialized by the recipe, not read from the base model. */
  readonly fresh: boolean;
}

export interface LayerView {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** The catalogue's shelf; `opaque` for a kind nobody knows. */
  readonly family: string;
  readonly config: LayerConfig;
  /** Ids of the layers it reads, in order, over all calls; repeats kept. */
  readonly inputs: readonly string[];
  readonly inputShapes: readonly (Shape | null)[];
  /** Of the first call's first output; null where shapes are unknown. */
  readonly outputShape: Shape | null;
  readonly params: number;
  readonly trainableParams: number;
  readonly flops: number;
  readonly trainable: boolean;
  readonly weights: readonly WeightView[];
  readonly group: readonly string[];
  /** From zero; -1 where a layer has no spatial resolution (inputs, heads). */
  readonly stage: number;
  /** Added by the recipe. */
  readonly grafted: boolean;
  readonly isInput: boolean;
  readonly isOutput: boolean;
  readonly opaque?: string;
  readonly faults: readonly Fault[];
}

export interface ModelView {
  readonly name: string;
  /** File name and format, for the header. */
  readonly file: string;
  readonly format: string;
  readonly layers: readonly LayerView[];
  readonly totals: {
    readonly params: number;
    readonly trainable: number;
    readonly frozen: number;
    readonly statistics: number;
    readonly flops: number;
  };
  readonly faults: readonly Fault[];
  readonly recipe: Recipe;
  /** The file holds weights and no architecture: it can be looked at, not operated on, trained or exported. */
  readonly weightsOnly?: true;
  /** The published architecture that the model begins with. */
  readonly backbone?: Backbone;
  /** What each warm start of the recipe took over, where it has one. */
  readonly warmStarts?: readonly WarmStart[];
  /** Labels of the recipe's operations, in order: "Cut after out_relu". */
  readonly history: readonly string[];
}

export type { Edit };

/** What a newer view of the same model says that the last one did not. */
export interface ModelChange {
  /** Layers that are new or say something else, by their ids. */
  readonly changed: readonly LayerView[];
  /** Places, from zero, of layers of which nothing is new but that they are frozen, or trainable again; not beside `order`. */
  readonly frozen?: readonly number[];
  readonly unfrozen?: readonly number[];
  /** Ids of all layers in their order, where that is another; those that are not named are gone. */
  readonly order?: readonly string[];
  /** All of the view but its layers. */
  readonly rest: Omit<ModelView, 'layers'>;
}

type PlanPhase = PlanInput['phases'][number];
type PlanImages = Extract<PlanInput['data'], { readonly kind: 'images' }>;

/**
 * What the training form holds; the host turns it into a plan file. Paths are as the host gave them. A part that is
 * left out is off: so a form that was remembered before there was one reads as it did.
 */
export type TrainingForm = Pick<
  PlanInput,
  'batchSize' | 'seed' | 'earlyStopping' | 'checkpoint' | 'labelSmoothing'
> & {
  readonly dataFolder: string;
  readonly epochs: number;
  readonly optimizer: PlanPhase['optimizer']['kind'];
  readonly learningRate: number;
  readonly validation: number;
  readonly preprocess: 'none' | 'unit' | 'tf' | 'caffe' | 'torch';
  /** With `inference` every BatchNormalization goes by its stored statistics, trainable ones too; left out: `train`. */
  readonly batchNorm?: 'train' | 'inference';
  /** Of both phases. */
  readonly schedule?: FormSchedule | undefined;
  readonly augment?: PlanImages['augment'];
  readonly classWeights?: 'balanced' | undefined;
  readonly cacheFeatures?: 'auto' | 'off';
  /** A second phase with all but the first stages unfrozen, BatchNormalization in inference. */
  readonly fineTune?: FineTuning | undefined;
};

export type FormSchedule = Exclude<
  NonNullable<PlanPhase['schedule']>,
  { readonly kind: 'step' | 'exponential' }
>;

export interface FineTuning {
  /** How many of the last stages are unfrozen. */
  readonly stages: number;
  readonly learningRate: number;
  readonly epochs: number;
}

/** An image folder as the host saw it. */
export interface DatasetView {
  readonly folder: string;
  /** Relative to the workspace, for people. */
  readonly label: string;
  readonly classes: readonly { readonly name: string; readonly images: number }[];
}

/** What looking into a layer found so far; `done` when no more will come. */
export interface LayerInspection {
  readonly layer: string;
  /** The form of its configuration; empty where its kind has none or nobody knows it. */
  readonly form: readonly FormField[];
  /** By the weight's name. */
  readonly statistics: Readonly<Record<string, WeightStatistics>>;
  readonly done: boolean;
  /** Why there are not all. */
  readonly problem?: string;
}

/** All parameters of a layer taken together. */
export interface LayerSpread {
  readonly mean: number;
  readonly deviation: number;
  /** How far they have gone in the run whose result the model is. */
  readonly movement?: Movement;
}

export type HostToEditor =
  | SurgeryToEditor
  | { readonly type: 'model'; readonly protocol: number; readonly model: ModelView }
  /** The same of a model with many layers. */
  | { readonly type: 'packedModel'; readonly protocol: number; readonly model: PackedModel }
  /** The model after an edit; only ever after a `model` message, and about the view sent last. */
  | { readonly type: 'modelChange'; readonly change: ModelChange }
  | { readonly type: 'loading'; readonly file: string }
  | { readonly type: 'unreadable'; readonly code: string; readonly message: string }
  /** An intent that could not be applied; nothing changed. */
  | { readonly type: 'refused'; readonly code: string; readonly message: string; readonly layer?: string }
  /** Remembered values for the training form, and the dataset they name. */
  | {
      readonly type: 'training';
      readonly form: TrainingForm;
      readonly dataset: DatasetView | null;
      readonly running: boolean;
    }
  /** What is wrong with the plan that the training form means; null once nothing is. */
  | { readonly type: 'planProblem'; readonly problem: string | null }
  | { readonly type: 'summary'; readonly text: string }
  /** The model as its file has it, before its recipe; again where that file is another. */
  | { readonly type: 'base'; readonly model: ModelView }
  | { readonly type: 'inspection'; readonly inspection: LayerInspection }
  | {
      readonly type: 'filters';
      readonly layer: string;
      readonly weight: string;
      readonly channel: number;
      /** Pictures in base64; null where the weight has none. */
      readonly filters: (Omit<FilterPictures, 'pictures'> & { readonly pictures: readonly string[] }) | null;
    }
  /** Layers measured since the last message, out of `total`; `done` when all are, or it was stopped. */
  | {
      readonly type: 'spreads';
      readonly spreads: Readonly<Record<string, LayerSpread>>;
      readonly measured: number;
      readonly total: number;
      readonly done: boolean;
      readonly problem?: string;
      /** Why it is not known how far weights have moved, where a run has made the model. */
      readonly noMovement?: string;
    }
  /** What an edit would make of the model, or why it cannot be carried out; only the newest request is answered. */
  | {
      readonly type: 'previewed';
      readonly request: number;
      readonly totals: ModelView['totals'];
      /** Ids of the layers with weights that would be frozen. */
      readonly frozen: readonly string[];
      /** Of an edit that adds an operation: what that would do to layers. */
      readonly surgery?: SurgeryPreview;
      readonly problem?: undefined;
    }
  | {
      readonly type: 'previewed';
      readonly request: number;
      readonly problem: { readonly code: string; readonly message: string };
    }
  /** A command of the palette or a menu, to be carried out on the webview's selection. */
  | { readonly type: 'command'; readonly command: EditorCommand };

export type EditorCommand =
  | 'cutHere'
  | 'remove'
  | 'graftHead'
  | 'insertLayer'
  | 'replaceLayer'
  | 'removeBlock'
  | 'graftFrom'
  | 'warmStart'
  | 'inputShape'
  | 'freeze'
  | 'unfreeze'
  | 'freezeUpTo'
  | 'freezeFrom'
  | 'freezeByRegex'
  | 'invertFreezing'
  | 'unfreezeAll'
  | 'selectKind'
  | 'selectBefore'
  | 'selectAfter'
  | 'nextFault'
  | 'previousFault'
  | 'shortcuts'
  | 'train'
  | 'advise'
  | 'export'
  | 'search'
  | 'fit'
  | 'summary'
  | 'compare'
  | 'nextChange'
  | 'previousChange'
  | 'exportPicture'
  | 'expandAll'
  | 'collapseAll'
  | 'toggleDirection'
  | 'zoomToSelection'
  | 'goToInput'
  | 'goToOutput'
  | 'showPath'
  | 'weightMovement';

export type EditorToHost =
  | SurgeryToHost
  | { readonly type: 'ready'; readonly protocol: number }
  | { readonly type: 'edit'; readonly edit: Edit }
  /** What would the edit make of the model? Nothing is recorded. Requests are numbered upwards. */
  | { readonly type: 'preview'; readonly request: number; readonly edit: Edit }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  | { readonly type: 'browseDataset' }
  /** The training form changed: remembered, and its dataset looked at. */
  | { readonly type: 'training'; readonly form: TrainingForm }
  | { readonly type: 'train'; readonly form: TrainingForm }
  /** Write the plan that a form means beside the model, and show it as text. */
  | { readonly type: 'showPlan'; readonly form: TrainingForm }
  /** Write the model, as it stands, to a file that the host asks for. */
  | { readonly type: 'export' }
  /** Keras's text, of some layers by their ids, or of all. */
  | { readonly type: 'summary'; readonly layers?: readonly string[] }
  /** What was the model before its recipe? */
  | { readonly type: 'base' }
  | SaveFile
  /** Look into a layer: its form, and with `weights` its weights' numbers. Ends the inspection before it. */
  | { readonly type: 'inspect'; readonly layer: string; readonly weights: boolean }
  | {
      readonly type: 'filters';
      readonly layer: string;
      readonly weight: string;
      readonly channel: number;
    }
  /** Measure the weights of all layers, for the overlay; `false` stops it. */
  | { readonly type: 'measureSpreads'; readonly on: boolean }
  | { readonly type: 'showRuns' }
  | { readonly type: 'copy'; readonly text: string };
