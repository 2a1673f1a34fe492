import type { Fault } from '../core/failure';
import type { LayerGraph, LayerId, WeightRef } from '../core/graph/layerGraph';
import type { Plan } from '../core/plan/plan';
import type { Recipe } from '../core/surgery/recipe';

export type FormatName =
  | 'h5'
  | 'keras'
  | 'tfjs'
  | 'tfjs-graph'
  | 'savedmodel'
  | 'checkpoint'
  | 'metagraph'
  | 'frozen-graph'
  | 'pytorch'
  | 'safetensors'
  | 'onnx'
  | 'python';

/** A model file as opened: its graph now, its numbers when asked for. */
export interface ModelFile {
  readonly format: FormatName;
  readonly path: string;
  readonly graph: LayerGraph;
  /** What could not be understood, layer by layer. */
  readonly report: readonly Fault[];
  /**
   * The file holds weights and no architecture: its layers have no calls and the graph no inputs. It can be looked at,
   * not operated on, exported or trained.
   */
  readonly weightsOnly?: true;
  /** Models that the file nests in its own and that the graph has flattened, by name. */
  readonly nested?: readonly string[];
  /** What the graph calls layers that have another name in the file, by their paths in it: `backbone/conv`. */
  readonly renamed?: ReadonlyMap<string, string>;
  /** Layers of the graph that are no layers in the file but operations on tensors: `x * y`, `keras.ops`. */
  readonly operations?: ReadonlySet<LayerId>;
  /** Class labels, where the file or its metadata carries them. */
  readonly labels?: readonly string[];
}

/** Reads a weight's numbers as float32, row-major, whatever their source; see `src/formats/weights.ts`. */
export interface WeightReader {
  read(weight: WeightRef): Promise<Float32Array>;
  close(): Promise<void>;
}

/** How a model came about, for a writer that repeats the work instead of keeping its result. */
export interface Origin {
  readonly base: ModelFile;
  readonly recipe: Recipe;
  /** How it is to be trained, its paths absolute. */
  readonly plan?: Plan;
  /** The models that the recipe takes layers and weights from, by their paths in it. */
  readonly donors?: ReadonlyMap<string, ModelFile>;
}

/** A model to be written: the graph, and the numbers of each weight by layer name and weight name. */
export interface ModelToWrite {
  readonly graph: LayerGraph;
  readonly weights: (layerName: string, weight: WeightRef) => Promise<Float32Array>;
  readonly labels?: readonly string[];
  readonly origin?: Origin;
}

/** One file format. Content decides, the extension only orders the tries. */
export interface Format {
  readonly name: FormatName;
  /** For people: `Keras HDF5`. */
  readonly title: string;
  /** Lower case, with the dot. */
  readonly extensions: readonly string[];
  /** Whether the file's first bytes (or, for a folder or JSON, its structure) are this format's. */
  detect(path: string): Promise<boolean>;
  /** @throws Failure of kind `input` */
  read(path: string): Promise<ModelFile>;
  /** Writes beside `path`, then renames. `path` is a file (`h5`) or a folder (`tfjs`). */
  write?(model: ModelToWrite, path: string): Promise<void>;
}
