import { t } from '../../l10n/translate';
import { readInboundNode, readTensors, type InboundNode, type NamedTensor } from './inboundNode';
import { isJsonRecord, type JsonRecord } from './json';
import { layerForOperation } from './operationLayers';

/** What an operation was called with: a tensor, a number, or something else that is not for layers. */
export type Operand =
  | { readonly tensor: NamedTensor; readonly shape?: readonly (number | null)[]; readonly dtype?: string }
  | { readonly number: number }
  | { readonly other: unknown };

export interface OperationCall {
  readonly operands: readonly Operand[];
  readonly inputs: readonly NamedTensor[];
}

/** A layer that computes the same as an operation, or why there is none. */
export type OperationLayer =
  | { readonly kind: string; readonly config: JsonRecord; readonly opaque?: undefined }
  | { readonly opaque: string };

/** In an opaque layer's configuration: that it is an operation, and whose. Of its arguments only numbers are kept. */
export const OPERATION_KEY = 'operation';

/** Stands where a Keras 2 call takes a constant for a tensor. */
const CONSTANT = '_CONSTANT_VALUE';

/** Keras 2's names of functions, by Keras 3's names of operations. */
const FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  Add: ['__operators__.add', 'math.add'],
  Subtract: ['__operators__.sub', 'math.subtract'],
  Multiply: ['__operators__.mul', 'math.multiply'],
  TrueDivide: ['__operators__.truediv', 'math.truediv', 'math.divide'],
  Negative: ['__operators__.neg', 'math.negative'],
  Relu: ['nn.relu'],
  Relu6: ['nn.relu6'],
  Sigmoid: ['math.sigmoid', 'nn.sigmoid'],
  Tanh: ['math.tanh', 'nn.tanh'],
  Silu: ['nn.silu', 'nn.swish'],
  Exp: ['math.exp'],
};
const OPERATION_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(FUNCTIONS).flatMap(([operation, names]) => names.map((name) => [name, operation] as const)),
);

/** Whether a node of a model is no layer but a function applied to tensors: `x * y`, `keras.ops.mean(x)`. */
export function isOperation(record: JsonRecord): boolean {
  const { class_name: className, module } = record;
  if (typeof module === 'string') return /^keras\.(src\.)?ops(\.|$)/.test(module);
  return isOldOperation(className) || isBareOperation(record);
}

/** In HDF5 files Keras 3 leaves out where a class comes from; what tells is that layers say whether they train. */
function isBareOperation({ config, inbound_nodes: nodes }: JsonRecord): boolean {
  const ofKeras3 = Array.isArray(nodes) && nodes.length > 0 && nodes.every(isJsonRecord);
  const ofLayers = ['trainable', 'dtype', 'layers'];
  return ofKeras3 && isJsonRecord(config) && !ofLayers.some((key) => key in config);
}

/**
 * A layer in an operation's place.
 * @param module where Keras 3 says the operation comes from
 * @param nodes its `inbound_nodes`
 */
export function readOperation(
  className: string,
  module: unknown,
  config: JsonRecord,
  nodes: readonly unknown[],
  where: string,
): {
  readonly className: string;
  readonly config: JsonRecord;
  readonly calls: readonly InboundNode[];
  readonly opaque?: string;
} {
  const old = isOldOperation(className);
  const calls = nodes.map((node) => (old ? oldCall(node, where) : newCall(node, where)));
  const named = old ? OPERATION_OF.get(String(config.function)) : className;
  const shown = old
    ? t('{0} of {1}', className, String(config.function ?? 'TensorFlow'))
    : t('keras.ops operation {0}', className);
  const layers = calls.map((call) =>
    named === undefined
      ? { opaque: t('no layer computes it') }
      : layerForOperation(named, config, call.operands),
  );
  const [layer, ...others] = layers;
  const numbers = calls[0]?.operands.flatMap((each) => ('number' in each ? [each.number] : []));
  const kept = { ...config, [OPERATION_KEY]: old ? config.function : module, numbers };
  const inbound = calls.map(({ inputs }) => ({ inputs, extras: [] }));
  if (!layer || layer.opaque !== undefined) {
    const reason = layer?.opaque ?? t('it is never called');
    return {
      className,
      config: kept,
      calls: inbound,
      opaque: t('the {0} is not known as a layer: {1}', shown, reason),
    };
  }
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(layer))) {
    return { className, config: kept, calls: inbound, opaque: t('the {0} is called in several ways', shown) };
  }
  return { className: layer.kind, config: { ...layer.config, name: config.name }, calls: inbound };
}

function isOldOperation(className: unknown): boolean {
  return className === 'TFOpLambda' || className === 'SlicingOpLambda';
}

/** Keras 3: `{ args, kwargs }` with tensors as `__keras_tensor__`. */
function newCall(node: unknown, where: string): OperationCall {
  const { inputs } = readInboundNode(node, where);
  if (!isJsonRecord(node)) return { inputs, operands: inputs.map((tensor) => ({ tensor })) };
  const args = Array.isArray(node.args) ? (node.args as unknown[]) : [];
  const named = isJsonRecord(node.kwargs) ? Object.values(node.kwargs) : [];
  const values = [...args, ...named].flatMap((value) => (isTensorList(value) ? value : [value]));
  return { inputs, operands: values.filter((value) => value !== null).map((value) => operand(value, where)) };
}

function isTensorList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0 && value.every(isKerasTensor);
}

function isKerasTensor(value: unknown): value is { readonly config: JsonRecord } {
  return isJsonRecord(value) && value.class_name === '__keras_tensor__' && isJsonRecord(value.config);
}

function operand(value: unknown, where: string): Operand {
  if (typeof value === 'number') return { number: value };
  if (!isKerasTensor(value)) return { other: value };
  const { shape, dtype, keras_history: history } = value.config;
  const [tensor] = readTensors([history], where);
  return {
    tensor: tensor!,
    ...(isShape(shape) && { shape }),
    ...(typeof dtype === 'string' && { dtype }),
  };
}

/** Keras 2: `[["x", 0, 0, { "y": 2 }]]`, with `["_CONSTANT_VALUE", -1, 2, { "y": ["x", 0, 0] }]` the other way round. */
function oldCall(node: unknown, where: string): OperationCall {
  const entries = Array.isArray(node) ? (node as unknown[]) : [];
  const listed = typeof entries[0] === 'string' ? [entries] : entries;
  const operands = listed.flatMap((entry): Operand[] => {
    if (!Array.isArray(entry)) return [{ other: entry }];
    const [name, , third, named] = entry as readonly unknown[];
    const first: Operand =
      name === CONSTANT
        ? typeof third === 'number'
          ? { number: third }
          : { other: third }
        : { tensor: readTensors([entry.slice(0, 3)], where)[0]! };
    const others = isJsonRecord(named)
      ? Object.entries(named).filter(([key, value]) => key !== 'name' && value !== null)
      : [];
    return [first, ...others.map(([, value]) => oldOperand(value, where))];
  });
  return { operands, inputs: operands.flatMap((each) => ('tensor' in each ? [each.tensor] : [])) };
}

function oldOperand(value: unknown, where: string): Operand {
  if (typeof value === 'number') return { number: value };
  if (Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number') {
    if (value[0] === CONSTANT) {
      return typeof value[2] === 'number' ? { number: value[2] } : { other: value[2] as unknown };
    }
    return { tensor: readTensors([value.slice(0, 3)], where)[0]! };
  }
  return { other: value };
}

function isShape(value: unknown): value is readonly (number | null)[] {
  return Array.isArray(value) && value.every((size) => size === null || typeof size === 'number');
}
