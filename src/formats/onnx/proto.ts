import { Failure } from '../../core/failure';
import type { Shape } from '../../core/graph/layerGraph';
import { floatOf } from '../protobuf/wire';
import type { WireSource } from '../protobuf/wireSource';
import { MAX_EDGES, MAX_RANK } from './bounds';
import { Message } from './message';
import { readTensor, type Constant } from './tensor';
import { t } from '../../l10n/translate';

/** An attribute in JavaScript's terms; a `graph` is one that nobody looks into. */
export type Attribute =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'numbers'; readonly value: readonly number[] }
  | { readonly type: 'texts'; readonly value: readonly string[] }
  | { readonly type: 'tensor'; readonly value: Constant }
  | { readonly type: 'graph' };

export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  /** Empty is ONNX's own. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** A graph's input or output; no shape where the file does not say one. */
export interface OnnxValueInfo {
  readonly name: string;
  readonly shape?: Shape;
  readonly elementType?: number;
}

export interface OnnxModel {
  readonly irVersion: number;
  /** The version of ONNX's own operators. */
  readonly opset: number;
  readonly metadata: ReadonlyMap<string, string>;
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly Constant[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  readonly hints: readonly OnnxValueInfo[];
}

/** ONNX's own domain by its two names. */
const isOwn = (domain: string): boolean => domain === '' || domain === 'ai.onnx';

/**
 * A ModelProto, its tensors left on disk.
 * @throws Failure of kind `input`
 */
export async function readProto(source: WireSource): Promise<OnnxModel> {
  const model = await Message.read(source, source.whole);
  const graph = await model.message(7);
  const irVersion = model.int(1);
  if (!graph || irVersion === undefined) {
    const missing = graph ? 'ir_version' : 'graph';
    throw new Failure(
      'input',
      'ONNX_MODEL',
      t('{0}: found no {1}, expected a whole ONNX model with one', source.path, missing),
    );
  }
  let opset: number | undefined;
  for (const entry of await model.messages(8)) {
    if (isOwn(await entry.text(1))) opset = entry.int(2);
  }
  if (opset === undefined) {
    throw new Failure(
      'input',
      'ONNX_OPSET',
      t("{0}: found no version of ONNX's operators, expected opset_import to name one", source.path),
    );
  }
  const metadata = new Map<string, string>();
  for (const entry of await model.messages(14)) metadata.set(await entry.text(1), await entry.text(2));
  return { irVersion, opset, metadata, ...(await readGraph(graph, source.path)) };
}

async function readGraph(graph: Message, path: string) {
  const constants: Constant[] = [];
  for (const tensor of await graph.messages(5)) constants.push(await readTensor(tensor, path));
  for (const sparse of await graph.messages(15)) {
    const values = await sparse.message(1);
    const name = values ? await values.text(8) : '';
    const problem = t('tensor "{0}" is sparse, which is not supported', name);
    constants.push({ name, dims: await sparse.ints(3), dtype: 'float32', problem });
  }
  const nodes: OnnxNode[] = [];
  let edges = 0;
  for (const field of graph.contents(1)) {
    const node = await readNode(await Message.read(graph.source, field), path);
    edges += node.inputs.length + node.outputs.length;
    if (edges > MAX_EDGES) {
      throw new Failure(
        'input',
        'MODEL_TOO_LARGE',
        t(
          'byte {0}: found more than {1} inputs and outputs of nodes, expected at most so many',
          field.offset,
          MAX_EDGES,
        ),
      );
    }
    nodes.push(node);
  }
  return {
    name: await graph.text(2),
    nodes,
    constants,
    inputs: await readValueInfos(graph, 11),
    outputs: await readValueInfos(graph, 12),
    hints: await readValueInfos(graph, 13),
  };
}

async function readNode(message: Message, path: string): Promise<OnnxNode> {
  const op = await message.text(4);
  if (op === '') {
    const at = message.range.offset;
    throw new Failure(
      'input',
      'ONNX_MODEL',
      t('byte {0}: found a node without an operator, expected op_type', at),
    );
  }
  const attributes = new Map<string, Attribute>();
  for (const attribute of await message.messages(5)) {
    attributes.set(await attribute.text(1), await readAttribute(attribute, path));
  }
  const domain = await message.text(7);
  return {
    name: await message.text(3),
    op,
    domain: isOwn(domain) ? '' : domain,
    inputs: await message.texts(1),
    outputs: await message.texts(2),
    attributes,
  };
}

/** By its declared type; models before IR version 3 declare none, and it is by what is there. */
async function readAttribute(message: Message, path: string): Promise<Attribute> {
  const type = message.int(20) ?? 0;
  const is = (declared: number, field: number) =>
    type === declared || (type === 0 && message.last(field) !== undefined);
  if (is(1, 2)) return { type: 'number', value: floatOf(message.last(2)?.value ?? 0n) };
  if (is(2, 3)) return { type: 'number', value: attributeInt(message) };
  if (is(3, 4)) return { type: 'text', value: await textOrNothing(message) };
  if (is(4, 5)) {
    const tensor = await message.message(5);
    if (tensor) return { type: 'tensor', value: await readTensor(tensor, path) };
  }
  if (is(6, 7)) {
    const floats: number[] = [];
    for (const field of message.all(7)) {
      const values =
        field.type === 'bytes' ? await message.source.packedFloats(field) : [floatOf(field.value)];
      for (const value of values) floats.push(value);
    }
    return { type: 'numbers', value: floats };
  }
  if (is(7, 8)) return { type: 'numbers', value: await message.ints(8) };
  if (is(8, 9)) return { type: 'texts', value: await message.texts(9) };
  return { type: 'graph' };
}

/** Ends of slices are written as the largest int64, which JavaScript holds nearly, and nearly is far enough. */
function attributeInt(message: Message): number {
  return Number(BigInt.asIntN(64, message.last(3)?.value ?? 0n));
}

/** Attributes of foreign operators may hold bytes that are no text. */
async function textOrNothing(message: Message): Promise<string> {
  const field = message.content(4);
  return field ? new TextDecoder().decode(await message.source.bytes(field)) : '';
}

async function readValueInfos(graph: Message, number: number): Promise<readonly OnnxValueInfo[]> {
  const infos: OnnxValueInfo[] = [];
  for (const message of await graph.messages(number)) {
    const name = await message.text(1);
    const tensor = await (await message.message(2))?.message(1);
    const shape = await tensor?.message(2);
    const elementType = tensor?.int(1);
    infos.push({
      name,
      ...(shape && { shape: await readShape(shape) }),
      ...(elementType !== undefined && { elementType }),
    });
  }
  return infos;
}

async function readShape(shape: Message): Promise<Shape> {
  const dims = await shape.messages(1);
  if (dims.length > MAX_RANK) {
    const at = shape.range.offset;
    throw new Failure(
      'input',
      'ONNX_TENSOR',
      t('byte {0}: found a tensor of {1} axes, expected at most {2}', at, dims.length, MAX_RANK),
    );
  }
  return dims.map((dim) => {
    const size = dim.int(1);
    return size !== undefined && size > 0 ? size : null;
  });
}
