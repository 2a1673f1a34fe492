import { Failure } from '../../core/failure';
import { MAX_NESTING } from './bounds';
import { asArray, asIndex, asText, isJsonRecord, type JsonRecord } from './json';
import { t } from '../../l10n/translate';

/** One output of one call of a layer, by the layer's name inside its model. */
export interface NamedTensor {
  readonly layer: string;
  readonly call: number;
  readonly output: number;
}

/** One call of a layer: the tensors it takes, in order, and the arguments beside them that are not null. */
export interface InboundNode {
  readonly inputs: readonly NamedTensor[];
  /** As people would write them: `training=false`. */
  readonly extras: readonly string[];
  /** Which argument each input is of the call, and where in it: `0`, `0.1`, `value`, `initial_state.0`. */
  readonly places?: readonly string[];
  /** The last inputs are masks, each of the input with that index (`arrangeCalls.ts`). */
  readonly maskOf?: readonly number[];
}

/**
 * A node of `inbound_nodes`. Keras 2 lists tensors, `[["conv", 0, 0, {}], …]`; Keras 3 has `{ args, kwargs }` with
 * tensors as `__keras_tensor__` objects anywhere inside.
 * @throws Failure `MODEL_CONFIG`
 */
export function readInboundNode(node: unknown, where: string): InboundNode {
  if (isJsonRecord(node)) return readCallArguments(node.args, node.kwargs);
  const list = asArray(node, `${where}, inbound_nodes`);
  // A node of one tensor is written without its list by some versions.
  const tensors = isTensor(list) ? [list] : list;
  const extras: string[] = [];
  const found: PlacedTensor[] = [];
  for (const [index, tensor] of tensors.entries()) {
    const parts = asArray(tensor, `${where}, inbound_nodes`);
    const place = tensors.length > 1 ? `0.${index}` : '0';
    found.push({ place, tensor: readTensor(parts, `${where}, inbound_nodes`) });
    if (parts[3] !== undefined && isJsonRecord(parts[3])) {
      const named = readCallArguments([], parts[3]);
      for (const extra of named.extras) if (!extras.includes(extra)) extras.push(extra);
      for (const [key, value] of Object.entries(parts[3])) found.push(...listedTensors(value, key, where));
    }
  }
  return nodeOf(found, extras);
}

interface PlacedTensor {
  readonly place: string;
  readonly tensor: NamedTensor;
}

const nodeOf = (found: readonly PlacedTensor[], extras: readonly string[]): InboundNode => ({
  inputs: found.map(({ tensor }) => tensor),
  places: found.map(({ place }) => place),
  extras,
});

/** A tensor as Keras 2 names it in an argument, `["x", 0, 0]`, or a list of them. */
function listedTensors(value: unknown, place: string, where: string): readonly PlacedTensor[] {
  if (!Array.isArray(value)) return [];
  if (isTensor(value)) return [{ place, tensor: readTensor(value, where) }];
  const lists = value.filter((item): item is readonly unknown[] => Array.isArray(item) && isTensor(item));
  if (lists.length < value.length) return [];
  return lists.map((item, index) => ({ place: `${place}.${index}`, tensor: readTensor(item, where) }));
}

/**
 * `input_layers` and `output_layers`: one tensor, a list of them, or lists and dictionaries of those, in the order of
 * Keras's `model.inputs` and `model.outputs`.
 */
export function readTensors(value: unknown, where: string, depth = 0): NamedTensor[] {
  if (depth > MAX_NESTING) throw tooDeep(where);
  if (Array.isArray(value) && isTensor(value)) return [readTensor(value, where)];
  const inner = isJsonRecord(value) ? inOrder(value).map(([, item]) => item) : asArray(value, where);
  return inner.flatMap((item) => readTensors(item, where, depth + 1));
}

function readCallArguments(args: unknown, kwargs: unknown): InboundNode {
  const found = tensorsIn(args, '');
  const extras: string[] = [];
  for (const value of Array.isArray(args) ? (args as unknown[]) : []) {
    if (tensorsIn(value, '').length === 0 && !isNothing(value)) {
      extras.push(JSON.stringify(value));
    }
  }
  for (const [key, value] of isJsonRecord(kwargs) ? Object.entries(kwargs) : []) {
    const tensors = tensorsIn(value, key);
    found.push(...tensors);
    const isTensorList = tensors.length > 0 || listedTensors(value, key, key).length > 0;
    if (!isTensorList && !isNothing(value)) extras.push(`${key}=${JSON.stringify(value)}`);
  }
  return nodeOf(found, extras);
}

/** Every `__keras_tensor__` inside a value, in order. */
function tensorsIn(value: unknown, place: string, depth = 0): PlacedTensor[] {
  if (typeof value !== 'object' || value === null) return [];
  if (depth > MAX_NESTING) throw tooDeep(t('a call'));
  if (isJsonRecord(value) && value.class_name === '__keras_tensor__' && isJsonRecord(value.config)) {
    const tensor = readTensor(asArray(value.config.keras_history, 'keras_history'), 'keras_history');
    return [{ place, tensor }];
  }
  const entries = isJsonRecord(value) ? inOrder(value) : Object.entries(value);
  return entries.flatMap(([key, inner]) =>
    tensorsIn(inner, place === '' ? key : `${place}.${key}`, depth + 1),
  );
}

/** Keras counts what is in a dictionary by the order of its keys, not as they were written (`keras.tree.flatten`). */
function inOrder(record: JsonRecord): readonly (readonly [string, unknown])[] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

function isTensor(value: readonly unknown[]): boolean {
  return typeof value[0] === 'string' && typeof value[1] === 'number';
}

function tooDeep(where: string): Failure {
  return new Failure('input', 'MODEL_CONFIG', t('{0}: lists nested more than {1} deep', where, MAX_NESTING));
}

/** Nothing, or a list or a dictionary of nothing: the masks of tensors without any. */
function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isNothing);
  return isJsonRecord(value) ? Object.values(value).every(isNothing) : value === null;
}

function readTensor(parts: readonly unknown[], where: string): NamedTensor {
  return {
    layer: asText(parts[0], t("{0}, a tensor's layer", where)),
    call: asIndex(parts[1], t("{0}, a tensor's call", where)),
    output: asIndex(parts[2] ?? 0, t("{0}, a tensor's output", where)),
  };
}
