import { Failure } from '../../core/failure';
import type { Layer, LayerConfig, LayerGraph, TensorRef } from '../../core/graph/layerGraph';
import { layersById } from '../../core/graph/lookup';
import { isJsonRecord } from './json';
import { kerasOrder } from './kerasOrder';
import { OPERATION_KEY } from './operations';

/** Whose keys: Keras 3's, or Keras 2's, which are also those of TensorFlow.js. */
export type Dialect = 'keras3' | 'keras2';

/** Configuration keys that Keras 2 and TensorFlow.js know by another name. */
const KERAS2_KEYS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  InputLayer: { batch_shape: 'batch_input_shape' },
  LeakyReLU: { negative_slope: 'alpha' },
};

/**
 * The graph as a functional model's configuration, `{ class_name, config }`. Tensors are listed as Keras 2 does
 * (`[["conv", 0, 0, {}]]`), which Keras 3 and TensorFlow.js read too. Layers that no output depends on are not part of
 * a Keras model.
 */
export function writeModelConfig(graph: LayerGraph, dialect: Dialect): unknown {
  const byId = layersById(graph);
  const tensor = ({ layer, call, output }: TensorRef) => {
    const found = byId.get(layer);
    if (!found) throw new Failure('work', 'GRAPH_BROKEN', `a tensor of the unknown layer ${layer} is used`);
    return [found.name, call, output] as const;
  };
  const written = kerasOrder(graph);
  written.forEach(refuseOperation);
  const layers = written.map((layer) => ({
    class_name: layer.kind,
    config: { name: layer.name, trainable: layer.trainable, ...writeLayerConfig(layer, dialect) },
    name: layer.name,
    inbound_nodes:
      layer.kind === 'InputLayer'
        ? []
        : layer.calls.map((call) => call.inputs.map((input) => [...tensor(input), {}])),
  }));
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
  const message = `layer "${name}": the operation ${kind} cannot be written: found ${opaque}; expected layers; cut it away`;
  throw new Failure('input', 'LAYER_OPAQUE', message, { layer: name });
}

function writeLayerConfig(layer: Layer, dialect: Dialect): LayerConfig {
  if (layer.opaque !== undefined) return layer.config;
  const renamed = dialect === 'keras2' ? KERAS2_KEYS[layer.kind] : undefined;
  return Object.fromEntries(
    Object.entries(layer.config).map(([key, value]) => [renamed?.[key] ?? key, writeValue(value)]),
  );
}

/** An initializer, regularizer or constraint, `{ kind, config }` in a layer graph, is `{ class_name, config }` to Keras. */
function writeValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(writeValue);
  if (isJsonRecord(value) && typeof value.kind === 'string' && isJsonRecord(value.config)) {
    return { class_name: value.kind, config: value.config };
  }
  return value;
}
