import { Failure } from '../../core/failure';
import type { LayerGraph, TensorRef, WeightRef } from '../../core/graph/layerGraph';
import { sortLayers } from '../../core/graph/order';
import { ShapeMismatch } from '../../core/layers/kind';
import type { ModelFile } from '../format';
import { MAX_LAYERS } from '../keras/bounds';
import { parseNotes } from '../keras/notes';
import { WireSource } from '../protobuf/wireSource';
import { GraphBuilder } from './builder';
import { ConstantReader } from './constants';
import { fold } from './fold';
import { compact, groupsOf, unfold } from './folded';
import { fixedBatch, inputOrder } from './inputs';
import { nodeNames } from './names';
import { NodeCall, type Operand, type Surroundings } from './nodeCall';
import { CONVERTERS } from './ops/registry';
import { wire } from './order';
import { readProto, type OnnxModel, type OnnxNode } from './proto';
import { Unsupported } from './unsupported';
import { channelsLast, identityOrder, sameOrder, type Value } from './value';
import { t } from '../../l10n/translate';

/** Our own entry of the model's metadata: what ONNX has no place for. */
export const NOTES_KEY = 'model_surgery';

/** Since version 7 operators stretch their inputs as NumPy does; older ones say it with attributes of their own. */
const OLDEST_OPSET = 7;

/** The newest that was looked through for changes of meaning. */
const NEWEST_OPSET = 24;

/**
 * Reads an ONNX model into layers whose tensors have their channels last. No weight is read.
 * @throws Failure of kind `input`
 */
export async function readOnnx(path: string): Promise<ModelFile> {
  const source = await WireSource.open(path);
  const reader = new ConstantReader();
  try {
    const model = await readProto(source);
    const conversion = new Conversion(model, reader);
    const graph = await conversion.run();
    const notes = parseNotes(model.metadata.get(NOTES_KEY));
    return { format: 'onnx', path, graph: notes.restore(graph), report: conversion.report, ...notes.labels };
  } finally {
    await reader.close();
    await source.close();
  }
}

/** A model on its way to layers, node by node. */
class Conversion {
  private readonly graph = new GraphBuilder();
  private readonly operands = new Map<string, Operand>();
  private readonly around: Surroundings;
  private readonly wiring;
  /** Whether an input lies with its channels last, where ONNX has them first. */
  private fedLast = false;
  private readonly names;

  constructor(
    private readonly model: OnnxModel,
    private readonly reader: ConstantReader,
  ) {
    this.checkVersion();
    this.wiring = wire(model);
    this.names = nodeNames(this.wiring.nodes.filter(({ op }) => op !== 'Constant'));
    const outputs = new Set(model.outputs.map(({ name }) => name));
    this.around = {
      opset: model.opset,
      batch: fixedBatch(model),
      operand: (name) => this.operands.get(name),
      onlyReader: (name) => {
        const readers = this.wiring.readers.get(name) ?? [];
        return readers.length === 1 && !outputs.has(name) ? readers[0] : undefined;
      },
    };
  }

  get report() {
    return this.graph.report;
  }

  async run(): Promise<LayerGraph> {
    const { model, graph, operands } = this;
    this.holdConstants();
    const inputs: TensorRef[] = [];
    for (const info of model.inputs) {
      if (operands.has(info.name)) continue;
      const order = inputOrder(info, this.wiring.readers);
      // Whatever batch the file fixes, the layers take any.
      const shape = order.map((axis) => (axis === 0 ? null : (info.shape?.[axis] ?? null)));
      const value = graph.addInput(info.name, shape, order);
      this.fedLast ||= order.length > 2 && sameOrder(order, channelsLast(order.length));
      operands.set(info.name, { is: 'value', value });
      inputs.push(value.ref);
    }
    const done = new Set<OnnxNode>();
    for (const node of this.wiring.nodes) {
      if (done.has(node) || this.isHeld(node)) continue;
      for (const absorbed of await this.convert(node)) done.add(absorbed);
      if (graph.built.length > MAX_LAYERS) {
        throw new Failure(
          'input',
          'MODEL_TOO_LARGE',
          t('found more than {0} layers, expected at most so many', MAX_LAYERS),
        );
      }
    }
    const outputs = model.outputs.map(({ name }) => this.output(name));
    if (inputs.length === 0 || outputs.length === 0) {
      const message =
        inputs.length === 0
          ? t('found no input, expected at least one')
          : t('found no output, expected at least one');
      throw new Failure('input', 'ONNX_MODEL', message);
    }
    return sortLayers({ name: model.name || 'model', layers: graph.built, inputs, outputs });
  }

  /** Initializers, and nodes that only hold a tensor. */
  private holdConstants(): void {
    for (const constant of this.model.constants)
      this.operands.set(constant.name, { is: 'constant', constant });
    for (const { op, domain, attributes, outputs } of this.model.nodes) {
      const [name = ''] = outputs;
      if (op !== 'Constant' || domain !== '') continue;
      const value = attributes.get('value');
      const single = attributes.get('value_int') ?? attributes.get('value_float');
      const list = attributes.get('value_ints') ?? attributes.get('value_floats');
      const dtype = attributes.has('value_int') || attributes.has('value_ints') ? 'int64' : 'float32';
      if (value?.type === 'tensor') {
        this.operands.set(name, { is: 'constant', constant: { ...value.value, name } });
      } else if (single?.type === 'number') {
        const constant = { name, dims: [], dtype, numbers: [single.value] } as const;
        this.operands.set(name, { is: 'constant', constant });
      } else if (list?.type === 'numbers') {
        const constant = { name, dims: [list.value.length], dtype, numbers: list.value } as const;
        this.operands.set(name, { is: 'constant', constant });
      }
    }
  }

  private isHeld({ outputs }: OnnxNode): boolean {
    return outputs.length > 0 && outputs.every((output) => this.operands.has(output));
  }

  /** @returns the nodes that are done with */
  private async convert(node: OnnxNode): Promise<readonly OnnxNode[]> {
    const { graph } = this;
    const given = node.inputs.map((name) => (name === '' ? undefined : this.operands.get(name)));
    const constant = await fold(node, given, this.reader);
    if (constant) {
      this.operands.set(constant.name, { is: 'constant', constant });
      return [node];
    }
    graph.begin(this.names.get(node) ?? node.op);
    const mark = graph.built.length;
    const call = new NodeCall(node, graph, this.reader, this.around);
    try {
      const convert = node.domain === '' ? CONVERTERS.get(node.op) : undefined;
      if (!convert) throw new Unsupported(t('its operator is not known'));
      const values = [await convert(call)].flat();
      const last = call.absorbed.at(-1) ?? node;
      this.refuseOtherOutputs(last, values.length);
      values.forEach((value, index) => {
        const output = last.outputs[index] ?? '';
        if (output !== '') this.operands.set(output, { is: 'value', value });
      });
      return [node, ...call.absorbed];
    } catch (cause) {
      const reason = reasonOf(cause);
      if (reason === undefined) throw cause;
      graph.rollBack(mark);
      this.keepOpaque(node, reason);
      return [node];
    }
  }

  /** Most converters make the first output alone: a mask of Dropout that somebody reads is not computed. */
  private refuseOtherOutputs({ outputs }: OnnxNode, made: number): void {
    const isResult = (name: string) => this.model.outputs.some((output) => output.name === name);
    const used = outputs
      .slice(made)
      .find((name) => name !== '' && (this.wiring.readers.has(name) || isResult(name)));
    if (used !== undefined)
      throw new Unsupported(t('its output "{0}" is read, which nothing here computes', used));
  }

  private keepOpaque(node: OnnxNode, reason: string): void {
    const { graph } = this;
    const operands = node.inputs.flatMap((name) => this.operands.get(name) ?? []);
    const values = operands.flatMap((operand) => (operand.is === 'value' ? [operand.value] : []));
    const weights = operands.flatMap((operand): WeightRef[] => {
      if (operand.is === 'value' || !operand.constant.ranges) return [];
      const { name, dims, dtype, ranges } = operand.constant;
      return [{ name, shape: dims, dtype, role: 'parameter', source: { from: 'ranges', ranges } }];
    });
    const config = Object.fromEntries(
      [...node.attributes].flatMap(([key, attribute]) =>
        attribute.type === 'tensor' || attribute.type === 'graph' ? [] : [[key, attribute.value] as const],
      ),
    );
    const kind = node.domain === '' ? node.op : `${node.domain}.${node.op}`;
    const layer = graph.addOpaque(
      kind,
      config,
      values,
      onceByName(weights),
      t('ONNX {0}: {1}', kind, reason),
    );
    node.outputs.forEach((name, output) => {
      const value = { ref: { layer: layer.id, call: 0, output } };
      if (name !== '') this.operands.set(name, { is: 'value', value });
    });
  }

  /** An image comes out with its channels last, everything else as ONNX has it. */
  private output(name: string): TensorRef {
    const operand = this.operands.get(name);
    if (operand?.is !== 'value') {
      throw new Failure(
        'input',
        'ONNX_MODEL',
        t('output "{0}" is a constant, expected something that is computed', name),
      );
    }
    this.graph.begin(name);
    const value = this.apart(operand.value);
    if (value.flattened) return this.graph.plain(value).ref;
    const { order } = value;
    if (!order || (this.isImage(order.length) && sameOrder(order, channelsLast(order.length))))
      return value.ref;
    return this.graph.ordered(value, identityOrder(order.length)).ref;
  }

  /** Three axes are a signal with its channels last where the model is fed images or signals. */
  private isImage(rank: number): boolean {
    return rank !== 3 || this.fedLast;
  }

  /** An output that keeps the batch elsewhere has it first, as every tensor of the layer graph. */
  private apart(given: Value): Value {
    try {
      return unfold(this.graph, given);
    } catch (cause) {
      if (!(cause instanceof Unsupported)) throw cause;
      const isWhole = given.shape && groupsOf(given).every((axes) => axes.length === 1);
      if (isWhole) return { ref: compact(this.graph, given).ref };
      const layer = this.graph.addOpaque('Reshape', {}, [given], [], t('ONNX Reshape: {0}', cause.message));
      return { ref: { layer: layer.id, call: 0, output: 0 } };
    }
  }

  private checkVersion(): void {
    const { opset } = this.model;
    if (opset < OLDEST_OPSET) {
      throw new Failure(
        'input',
        'ONNX_OPSET',
        t(
          "found version {0} of ONNX's operators, expected {1} or later; bring it up with onnx.version_converter",
          opset,
          OLDEST_OPSET,
        ),
      );
    }
    if (opset <= NEWEST_OPSET) return;
    this.graph.report.push({
      severity: 'warning',
      code: 'ONNX_OPSET',
      message: t(
        "found version {0} of ONNX's operators, of which {1} is the newest known here: check that results agree",
        opset,
        NEWEST_OPSET,
      ),
    });
  }
}

function reasonOf(cause: unknown): string | undefined {
  if (cause instanceof Unsupported || cause instanceof ShapeMismatch) return cause.message;
  return cause instanceof Failure && cause.code === 'CONFIG_INVALID' ? cause.message : undefined;
}

function onceByName(weights: readonly WeightRef[]): readonly WeightRef[] {
  return [...new Map(weights.map((weight) => [weight.name, weight])).values()];
}
