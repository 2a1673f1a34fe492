import { Failure } from '../../core/failure';
import { inferShapes, shapeOf, type Inference } from '../../core/graph/infer';
import type { Layer, LayerConfig, LayerGraph, TensorRef } from '../../core/graph/layerGraph';
import { layersById } from '../../core/graph/lookup';
import { CALL_KEYS } from '../../core/layers/callFlags';
import { kindNamed } from '../../core/layers/catalogue';
import type { ConstantConfig } from '../../core/layers/tensorOperations';
import { isCell } from '../../core/layers/recurrentCells';
import { writeCallArguments } from './callArguments';
import { isJsonRecord } from './json';
import { kerasOrder } from './kerasOrder';
import { isRawOperation, refused } from './lowerOperations';
import { OPERATION_KEY } from './operations';
import { MERGING, writeOperation, type WrittenOperation } from './writeOperation';
import { t } from '../../l10n/translate';

/**
 * Whose keys: Keras 3's, or Keras 2's, which are also those of TensorFlow.js. `own`: Keras 3's, and operations on raw
 * tensors as if they were layers, which this program alone reads.
 */
export type Dialect = 'keras3' | 'keras2' | 'own';

/** Configuration keys that Keras 2 and TensorFlow.js know by another name. */
const KERAS2_KEYS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  InputLayer: { batch_shape: 'batch_input_shape' },
  LeakyReLU: { negative_slope: 'alpha' },
};

/** Classes whose constructors do not take what every other layer of Keras 3 does. */
const WITHOUT_TRAINABLE: ReadonlySet<string> = new Set(['Discretization']);

/** Where Keras 3 has the layers that its applications bring along. */
const MODULES: Readonly<Record<string, string>> = {
  LayerScale: 'keras.src.applications.convnext',
  StochasticDepth: 'keras.src.applications.convnext',
  CustomScaleLayer: 'keras.src.applications.inception_resnet_v2',
};

/**
 * The graph as a functional model's configuration, `{ class_name, config }`. Tensors are listed as Keras 2 does
 * (`[["conv", 0, 0, {}]]`), which Keras 3 and TensorFlow.js read too. Layers that no output depends on are not part of
 * a Keras model. For Keras 3 operations are those that `lowerOperations` leaves.
 * @throws Failure `FORMAT_LAYER`, `LAYER_OPAQUE` for an operation that the dialect has not
 */
export function writeModelConfig(graph: LayerGraph, whose: Dialect) {
  const dialect = whose === 'keras2' ? 'keras2' : 'keras3';
  const byId = layersById(graph);
  const tensor = ({ layer, call, output }: TensorRef) => {
    const found = byId.get(layer);
    if (!found)
      throw new Failure('work', 'GRAPH_BROKEN', t('a tensor of the unknown layer {0} is used', layer));
    return [found.name, call, output] as const;
  };
  let inference: Inference | undefined;
  const kerasTensor = (ref: TensorRef) => {
    inference ??= inferShapes(graph);
    const config = { shape: shapeOf(inference, ref) ?? [], dtype: 'float32', keras_history: tensor(ref) };
    return { class_name: '__keras_tensor__', config };
  };
  const isConstant = ({ layer }: TensorRef) => byId.get(layer)?.kind === 'Constant';
  const written = kerasOrder(graph).filter(({ kind }) => whose !== 'keras3' || kind !== 'Constant');
  written.forEach(refuseOperation);
  if (whose === 'keras2') written.filter(isRawOperation).forEach(refuseRaw);
  const operationOf = (layer: Layer) => {
    const takesConstant = layer.calls.some(({ inputs }) => inputs.some(isConstant));
    if (whose !== 'keras3' || layer.opaque !== undefined) return undefined;
    const isOperation = isRawOperation(layer) || (MERGING.has(layer.kind) && takesConstant);
    return isOperation ? writeOperation(layer.kind, layer.config) : undefined;
  };
  const argument = (ref: TensorRef) =>
    isConstant(ref) ? numbersOf(byId.get(ref.layer)!.config as ConstantConfig) : kerasTensor(ref);
  const operation = ({ name, calls }: Layer, { className, module, config, call }: WrittenOperation) => ({
    module,
    class_name: className,
    config: { name, ...config },
    registered_name: className,
    name,
    inbound_nodes: calls.map(({ inputs }) => call(inputs.map(argument))),
  });
  // Without a module Keras 3 takes the layer for one of Keras 2, and texts that name functions for these.
  const moduleOf = ({ kind, opaque }: Layer) => {
    if (dialect !== 'keras3' || opaque !== undefined) return {};
    const module = MODULES[kind];
    return module === undefined
      ? { module: 'keras.layers', registered_name: null }
      : { module, registered_name: kind };
  };
  const plain = (layer: Layer) => ({
    ...moduleOf(layer),
    class_name: layer.kind,
    config: {
      name: layer.name,
      ...(!WITHOUT_TRAINABLE.has(layer.kind) && { trainable: layer.trainable }),
      ...writeLayerConfig(layer, dialect),
    },
    name: layer.name,
    inbound_nodes:
      layer.kind === 'InputLayer'
        ? []
        : layer.calls.map(
            ({ inputs }) =>
              (dialect === 'keras3' && writeCallArguments(layer.kind, layer.config, inputs, kerasTensor)) ||
              inputs.map((input) => [...tensor(input), {}]),
          ),
  });
  const layers = written.map((layer) => {
    const form = operationOf(layer);
    return form ? operation(layer, form) : plain(layer);
  });
  return {
    class_name: dialect === 'keras3' ? 'Functional' : 'Model',
    config: {
      name: graph.name,
      trainable: true,
      layers,
      input_layers: graph.inputs.map(tensor),
      output_layers: graph.outputs.map(tensor),
    },
  };
}

/** What it was called with beside tensors is not in the graph. */
function refuseOperation({ name, kind, config, opaque }: Layer): void {
  if (opaque === undefined || !(OPERATION_KEY in config)) return;
  const message = t(
    'layer "{0}": the operation {1} cannot be written: found {2}; expected layers; cut it away',
    name,
    kind,
    opaque,
  );
  throw new Failure('input', 'LAYER_OPAQUE', message, { layer: name });
}

function refuseRaw(layer: Layer): void {
  throw refused(layer, t('its layers are those of Keras 2'), 'TensorFlow.js');
}

/** An array of NumPy as Keras writes it. */
function numbersOf({ shape, value }: ConstantConfig) {
  const rows = shape
    .slice(1)
    .reduceRight<readonly unknown[]>(
      (cells, size) =>
        Array.from({ length: cells.length / size }, (_, row) => cells.slice(row * size, (row + 1) * size)),
      value ?? [],
    );
  const numbers = shape.length === 0 ? value?.[0] : rows;
  return { class_name: '__numpy__', config: { value: numbers, dtype: 'float32' } };
}

function writeLayerConfig(layer: Layer, dialect: Dialect): LayerConfig {
  if (layer.opaque !== undefined) return layer.config;
  const renamed = dialect === 'keras2' ? KERAS2_KEYS[layer.kind] : undefined;
  const write = (key: string, value: unknown): unknown =>
    key.endsWith('activation') ? writeActivation(layer, dialect, value) : writeValue(value, write);
  return Object.fromEntries(
    Object.entries(layer.config)
      .filter(([key]) => !CALL_KEYS.has(key))
      .map(([key, value]) => [renamed?.[key] ?? key, write(key, value)]),
  );
}

/**
 * An initializer, regularizer or constraint, `{ kind, config }` in a layer graph, is `{ class_name, config }` to Keras;
 * so is a layer or a cell inside a layer, which Keras 3 finds by its module alone.
 */
function writeValue(value: unknown, write: (key: string, value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => writeValue(item, write));
  if (!isJsonRecord(value)) return value;
  if (typeof value.kind !== 'string' || !isJsonRecord(value.config)) return value;
  if (!kindNamed(value.kind) && !isCell(value.kind)) return { class_name: value.kind, config: value.config };
  const config = Object.fromEntries(
    Object.entries(value.config)
      .filter(([key]) => !CALL_KEYS.has(key))
      .map(([key, inner]) => [key, write(key, inner)]),
  );
  return { module: 'keras.layers', class_name: value.kind, config, registered_name: null };
}

/**
 * Keras 2 and TensorFlow.js compute another line than Keras 3 by the name `hard_sigmoid`, and neither has the other's.
 * @throws Failure of kind `input` (`ACTIVATION_FORMAT`)
 */
function writeActivation({ name }: Layer, dialect: Dialect, value: unknown): unknown {
  if (value !== 'hard_sigmoid' && value !== 'hard_sigmoid_keras2') return value;
  const own = dialect === 'keras2' ? 'hard_sigmoid_keras2' : 'hard_sigmoid';
  if (value === own) return 'hard_sigmoid';
  const [found, known] =
    own === 'hard_sigmoid'
      ? [t('that of Keras 2, clip(0.2 x + 0.5, 0, 1)'), t('that of Keras 3; write TensorFlow.js or ONNX')]
      : [t('that of Keras 3, relu6(x + 3) / 6'), t('that of Keras 2; write Keras or ONNX')];
  const message = t(
    'layer "{0}": found the activation hard_sigmoid as {1}, which this format cannot say; it knows {2}',
    name,
    found,
    known,
  );
  throw new Failure('input', 'ACTIVATION_FORMAT', message, { layer: name });
}
