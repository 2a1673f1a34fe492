import { Failure } from '../../core/failure';
import { inferShapes, shapeOf } from '../../core/graph/infer';
import {
  sizeOf,
  type Layer,
  type LayerConfig,
  type LayerGraph,
  type Shape,
  type TensorRef,
} from '../../core/graph/layerGraph';
import { layersById } from '../../core/graph/lookup';
import { kindNamed } from '../../core/layers/catalogue';
import type { ClipConfig } from '../../core/layers/numberOperations';
import type { ConstantConfig } from '../../core/layers/tensorOperations';
import type { MatmulConfig } from '../../core/layers/tensorProducts';
import type { ModelToWrite } from '../format';
import { MERGING, writeOperation } from './writeOperation';
import { t } from '../../l10n/translate';

/** Numbers of constants, which Keras keeps as text in the configuration: about 10 MB of it. */
const MAX_CONSTANT_NUMBERS = 2 ** 20;

/** What gives truths to Keras, and 1 and 0 here. */
const TRUTHS: ReadonlySet<string> = new Set([
  'Equal',
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'LogicalAnd',
  'LogicalNot',
  'LogicalOr',
  'NotEqual',
]);

/** Whether a layer is an operation on raw tensors, which has no class among Keras's layers. */
export function isRawOperation({ kind, opaque }: Layer): boolean {
  return opaque === undefined && kindNamed(kind)?.family === 'operation';
}

/**
 * The same model in operations that Keras 3 has: numbers instead of truths, transposes written out, constants with their
 * numbers in the configuration and no weights. What has no such form is refused by name.
 * @throws Failure `FORMAT_LAYER`
 */
export async function lowerOperations(model: ModelToWrite): Promise<ModelToWrite> {
  if (!model.graph.layers.some(isRawOperation)) return model;
  const lowering = new Lowering(model);
  const layers: Layer[] = [];
  for (const layer of model.graph.layers) layers.push(...(await lowering.lower(layer)));
  const graph = { ...model.graph, layers };
  refuseMisplacedConstants(graph);
  return { ...model, graph };
}

class Lowering {
  private readonly names: Set<string>;
  private readonly readers = new Map<string, { readonly layer: Layer; readonly place: number }[]>();
  private readonly inference;
  private constantNumbers = 0;

  constructor(private readonly model: ModelToWrite) {
    const { graph } = model;
    this.inference = inferShapes(graph);
    this.names = new Set(graph.layers.map((layer) => layer.name));
    for (const layer of graph.layers) {
      for (const { inputs } of layer.calls) {
        for (const [place, { layer: id }] of inputs.entries()) {
          const known = this.readers.get(id);
          if (known) known.push({ layer, place });
          else this.readers.set(id, [{ layer, place }]);
        }
      }
    }
  }

  /** What stands for a layer, its result given by the last, which keeps its id and its name. */
  async lower(layer: Layer): Promise<readonly Layer[]> {
    if (!isRawOperation(layer)) return [layer];
    if (layer.kind === 'Constant') return this.lowerConstant(layer);
    if (!writeOperation(layer.kind, layer.config)) throw refused(layer, t('keras.ops has no such operation'));
    if (layer.kind === 'Matmul') return this.lowerMatmul(layer);
    if (layer.kind === 'Clip') {
      const { x_min: least, x_max: most } = layer.config as ClipConfig;
      return [least === null && most === null ? { ...layer, kind: 'Identity', config: {} } : layer];
    }
    if (!TRUTHS.has(layer.kind) || this.isReadAsTruth(layer)) return [layer];
    const truth = this.helper(layer, 'truth', layer.kind, layer.config, (call) => layer.calls[call]!.inputs);
    return [truth, { ...layer, kind: 'Rescaling', config: { scale: 1, offset: 0 }, ...callsOn([truth]) }];
  }

  private isReadAsTruth({ id }: Layer): boolean {
    const takesTruths = ({ layer, place }: { readonly layer: Layer; readonly place: number }) =>
      /^Logical/.test(layer.kind) || (layer.kind === 'Where' && place === 0);
    const isOutput = this.model.graph.outputs.some((output) => output.layer === id);
    return !isOutput && (this.readers.get(id) ?? []).every(takesTruths);
  }

  /** Its matrices transposed before. */
  private lowerMatmul(layer: Layer): readonly Layer[] {
    const { transpose_a: a, transpose_b: b } = layer.config as MatmulConfig;
    const turned = [a, b].map((turn, place) => {
      if (!turn) return undefined;
      const { length: rank } = this.shapeOf(layer, layer.calls[0]!.inputs[place]!);
      const axes = [...Array(rank - 2).keys(), rank - 1, rank - 2];
      return this.helper(layer, place === 0 ? 'a' : 'b', 'Transpose', { axes }, (call) => [
        layer.calls[call]!.inputs[place]!,
      ]);
    });
    const calls = layer.calls.map(({ inputs }, call) => ({
      inputs: inputs.map((input, place) =>
        turned[place] ? { layer: turned[place].id, call, output: 0 } : input,
      ),
    }));
    return [...turned.filter((one) => one !== undefined), { ...layer, config: {}, calls }];
  }

  private async lowerConstant(layer: Layer): Promise<readonly Layer[]> {
    const { shape, value } = layer.config as ConstantConfig;
    const [weight] = layer.weights;
    this.constantNumbers += sizeOf(shape);
    if (this.constantNumbers > MAX_CONSTANT_NUMBERS) {
      throw refused(layer, t('it and constants before it are more than {0} numbers', MAX_CONSTANT_NUMBERS));
    }
    const numbers = value ?? (weight && [...(await this.model.weights(layer.name, weight))]);
    if (!numbers) throw refused(layer, t('its numbers are in no file'));
    if (!numbers.every(Number.isFinite)) throw refused(layer, t('it holds what is no finite number'));
    const config = { shape, value: numbers };
    const [samples] = layer.calls[0]?.inputs ?? [];
    if (!samples) return [{ ...layer, config, weights: [] }];
    return this.repeat(layer, config, samples);
  }

  /** Multiplied by ones of which there are as many as samples: Keras broadcasts to sizes that are known alone. */
  private repeat(layer: Layer, config: LayerConfig & { shape: Shape }, samples: TensorRef): readonly Layer[] {
    const constant = this.helper(layer, 'numbers', 'Constant', config, () => []);
    const { length: rank } = this.shapeOf(layer, samples);
    const axis = Array.from({ length: rank - 1 }, (_, index) => index + 1);
    const largest = this.helper(layer, 'largest', 'Max', { axis, keepdims: false }, (call) => [
      layer.calls[call]!.inputs[0]!,
    ]);
    const first = (call: number) =>
      rank > 1 ? { layer: largest.id, call, output: 0 } : layer.calls[call]!.inputs[0]!;
    const ones = this.helper(layer, 'ones', 'Equal', {}, (call) => [first(call), first(call)]);
    const placed = this.helper(
      layer,
      'samples',
      'TensorReshape',
      { shape: config.shape.map((_, place) => (place === 0 ? -1 : 1)) },
      (call) => [{ layer: ones.id, call, output: 0 }],
    );
    const made: Layer = {
      ...layer,
      kind: 'Multiply',
      config: {},
      weights: [],
      ...callsOn([placed, constant]),
    };
    return [...(rank > 1 ? [largest] : []), ones, placed, constant, made];
  }

  /** A layer before another, called as often. */
  private helper(
    layer: Layer,
    part: string,
    kind: string,
    config: LayerConfig,
    inputs: (call: number) => readonly TensorRef[],
  ): Layer {
    let name = `${layer.name}_${part}`;
    while (this.names.has(name)) name += '_';
    this.names.add(name);
    const calls = layer.calls.map((_, call) => ({ inputs: inputs(call) }));
    return { ...layer, id: `${layer.id}/${part}`, name, kind, config, calls, weights: [] };
  }

  private shapeOf(layer: Layer, tensor: TensorRef): Shape {
    const shape = shapeOf(this.inference, tensor);
    if (shape) return shape;
    throw refused(layer, t('the shape of what it takes is not known'));
  }
}

/** Calls of the one layer that helpers, called as often, come before. */
function callsOn(helpers: readonly [Layer, ...Layer[]]): Pick<Layer, 'calls'> {
  const calls = helpers[0].calls.map((_, call) => ({
    inputs: helpers.map(({ id }) => ({ layer: id, call, output: 0 })),
  }));
  return { calls };
}

/** Keras has constants as arguments of operations alone, beside a tensor. */
function refuseMisplacedConstants(graph: LayerGraph): void {
  const byId = layersById(graph);
  const isConstant = ({ layer }: TensorRef) => byId.get(layer)?.kind === 'Constant';
  const inference = inferShapes(graph);
  const end = graph.outputs.find(isConstant);
  if (end) throw refused(byId.get(end.layer)!, t('it is an output of the model'));
  for (const layer of graph.layers) {
    for (const { inputs } of layer.calls) {
      if (!inputs.some(isConstant)) continue;
      const ranks = new Set(inputs.map((input) => shapeOf(inference, input)?.length));
      const merges = MERGING.has(layer.kind) && inputs.length === 2 && ranks.size === 1;
      if (!merges && !isRawOperation(layer)) throw refused(layer, t('it takes a constant'));
      if (inputs.every(isConstant)) throw refused(layer, t('it takes constants alone'));
    }
  }
}

/** @param reason why Keras cannot hold it */
export function refused({ name, kind }: Layer, reason: string, format = 'Keras'): Failure {
  return new Failure(
    'input',
    'FORMAT_LAYER',
    t(
      'layer "{0}" ({1}) cannot be written for {2}: found an operation on raw tensors, and {3}; expected one that {4} has; cut it away, or export to onnx or safetensors',
      name,
      kind,
      format,
      reason,
      format,
    ),
    { layer: name },
  );
}
