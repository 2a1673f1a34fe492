import type { Shape } from '../../core/graph/layerGraph';
import { Failure } from '../../core/failure';
import { asArray, asRecord, asText, isJsonRecord, type JsonRecord } from '../keras/json';
import { MAX_NODES, MAX_RANK } from './bounds';
import { typeNamed } from './dataTypes';
import type { Attribute, GraphDef, GraphFunction, GraphNode, Signature, SignatureTensor } from './graphDef';
import { t } from '../../l10n/translate';

/**
 * A `GraphDef` in the JSON of protobuf, as TensorFlow.js keeps it: bytes in base64, 64-bit numbers as texts, constants
 * without their numbers.
 * @throws Failure `MODEL_CONFIG`, `MODEL_TOO_LARGE`
 */
export function graphFromJson(json: unknown): GraphDef {
  const graph = asRecord(json, 'modelTopology');
  const nodes = nodesFrom(graph.node, 'modelTopology, node');
  const library = isJsonRecord(graph.library) ? (graph.library.function ?? []) : [];
  const functions = asArray(library, 'modelTopology, library').map(functionFrom);
  return { nodes, functions: new Map(functions.map((one) => [one.name, one])) };
}

function nodesFrom(json: unknown, where: string): readonly GraphNode[] {
  const list = asArray(json, where);
  if (list.length > MAX_NODES) {
    throw new Failure(
      'input',
      'MODEL_TOO_LARGE',
      t('{0}: found {1} operations, expected at most {2}', where, list.length, MAX_NODES),
    );
  }
  return list.map((item): GraphNode => {
    const node = asRecord(item, where);
    const name = asText(node.name, t('{0}, a name', where));
    const here = `${where}, "${name}"`;
    const attributes = node.attr === undefined ? [] : Object.entries(asRecord(node.attr, `${here}, attr`));
    return {
      name,
      op: asText(node.op, `${here}, op`),
      inputs: textList(node.input, `${here}, input`),
      attributes: new Map(
        attributes.filter(([key]) => !key.startsWith('_')).map(([key, value]) => [key, attributeFrom(value)]),
      ),
    };
  });
}

const textList = (json: unknown, where: string): readonly string[] =>
  json === undefined ? [] : asArray(json, where).map((item) => asText(item, where));

function functionFrom(json: unknown): GraphFunction {
  const where = t('modelTopology, library, a function');
  const one = asRecord(json, where);
  const signature = asRecord(one.signature, `${where}, signature`);
  const name = asText(signature.name, `${where}, name`);
  const args = (list: unknown) =>
    list === undefined
      ? []
      : asArray(list, `${where}, "${name}"`).map((arg) =>
          asText(asRecord(arg, where).name, t('{0}, an argument', where)),
        );
  const returns = isJsonRecord(one.ret) ? one.ret : {};
  return {
    name,
    inputs: args(signature.inputArg),
    nodes: nodesFrom(one.nodeDef ?? [], `${where}, "${name}"`),
    returns: args(signature.outputArg).map((output) => {
      const written = Object.hasOwn(returns, output) ? returns[output] : undefined;
      return typeof written === 'string' ? written : output;
    }),
  };
}

function attributeFrom(json: unknown): Attribute {
  if (!isJsonRecord(json)) return {};
  const { list, tensor, func } = json;
  if (isJsonRecord(list)) {
    return {
      list: Object.entries(list).flatMap(([key, values]) =>
        Array.isArray(values) ? values.map((value: unknown) => attributeFrom({ [key]: value })) : [],
      ),
    };
  }
  if (typeof json.s === 'string') return { text: Buffer.from(json.s, 'base64').toString('utf8') };
  if (json.i !== undefined) return { number: numberFrom(json.i) };
  if (json.f !== undefined) return { number: numberFrom(json.f) };
  if (typeof json.b === 'boolean') return { flag: json.b };
  if (json.type !== undefined) return { type: typeFrom(json.type) };
  if (json.shape !== undefined) return { shape: shapeFrom(json.shape) ?? 'unranked' };
  if (isJsonRecord(tensor)) {
    const shape = shapeFrom(tensor.tensorShape) ?? [];
    return { tensor: { type: typeFrom(tensor.dtype), shape: shape.map((size) => size ?? 0) } };
  }
  return isJsonRecord(func) && typeof func.name === 'string' ? { function: func.name } : {};
}

/** Nothing is zero, in protobuf; what is no number is one that equals nothing. */
const numberFrom = (json: unknown): number =>
  typeof json === 'number' ? json : typeof json === 'string' ? Number(json) : NaN;

const typeFrom = (json: unknown): number =>
  typeof json === 'number' ? json : typeof json === 'string' ? (typeNamed(json) ?? 0) : 0;

function shapeFrom(json: unknown): Shape | undefined {
  if (!isJsonRecord(json) || json.unknownRank === true) return undefined;
  const sizes = Array.isArray(json.dim) ? json.dim.slice(0, MAX_RANK + 1) : [];
  return sizes.map((dim: unknown) => {
    const size = numberFrom(isJsonRecord(dim) ? (dim.size ?? 0) : dim);
    return Number.isSafeInteger(size) && size >= 0 ? size : null;
  });
}

/** What the converter says a model takes and gives, in its order. */
export function signatureFromJson(json: unknown): Signature | undefined {
  if (!isJsonRecord(json) || !isJsonRecord(json.outputs) || Object.keys(json.outputs).length === 0)
    return undefined;
  const tensors = (record: JsonRecord): readonly SignatureTensor[] =>
    Object.entries(record).map(([key, info]) => {
      const named = asRecord(info, `signature, "${key}"`);
      return {
        key,
        name: typeof named.name === 'string' ? named.name : key,
        shape: shapeFrom(named.tensorShape),
      };
    });
  return { inputs: isJsonRecord(json.inputs) ? tensors(json.inputs) : [], outputs: tensors(json.outputs) };
}
