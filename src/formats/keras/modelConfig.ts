import { Failure } from '../../core/failure';
import { kindNamed } from '../../core/layers/catalogue';
import { MAX_NESTING } from './bounds';
import { arrangeCalls } from './arrangeCalls';
import { hoistConstants } from './hoistConstants';
import { readInboundNode, readTensors, type InboundNode, type NamedTensor } from './inboundNode';
import { readClass } from './classNames';
import { opaqueReasonOf } from './opaqueReason';
import { isOperation, readOperation } from './operations';
import { asArray, asRecord, asText, isJsonRecord, type JsonRecord } from './json';
import { t } from '../../l10n/translate';

/** A layer as its configuration has it, before anybody asks what its kind is. */
export interface ConfiguredLayer {
  readonly name: string;
  readonly className: string;
  /** Where Keras 3 says the class comes from, if it does. */
  readonly module?: string;
  readonly config: JsonRecord;
  /** One a call; an input layer has one call without inputs. */
  readonly calls: readonly InboundNode[];
  /** Why it is no layer that anybody knows, where the file itself tells. */
  readonly opaque?: string;
  /** Keras's number for an object that the file writes down a second time. */
  readonly sharedId?: number;
  /** It is no layer to Keras but an operation on tensors. */
  readonly operation?: true;
  /** For a layer that is itself a model. */
  readonly model?: ConfiguredModel;
}

/** A model's configuration in one form, whatever its dialect: Sequential models are written out as functional ones. */
export interface ConfiguredModel {
  readonly name: string;
  readonly trainable: boolean;
  /** Whether the file calls it a Sequential. */
  readonly sequential: boolean;
  readonly layers: readonly ConfiguredLayer[];
  readonly inputs: readonly NamedTensor[];
  readonly outputs: readonly NamedTensor[];
}

/** @throws Failure `MODEL_CONFIG` */
export function readModelConfig(json: unknown): ConfiguredModel {
  const outer = asRecord(json, t('the model'));
  return readModel(asText(outer.class_name, 'class_name'), outer.config, t('the model'), 0);
}

/** Whether a layer's configuration is that of a model: it lists layers. */
function isModel(className: string, config: unknown): boolean {
  if (Array.isArray(config)) return className === 'Sequential';
  return typeof config === 'object' && config !== null && 'layers' in config && Array.isArray(config.layers);
}

function readModel(className: string, config: unknown, where: string, depth: number): ConfiguredModel {
  if (depth > MAX_NESTING) {
    throw badConfig(where, t('models nested more than {0} deep', MAX_NESTING), t('fewer levels'));
  }
  // Keras before 2.2 wrote a Sequential's layers without anything around them.
  const record: JsonRecord = Array.isArray(config) ? { layers: config } : asRecord(config, where);
  const name = typeof record.name === 'string' ? record.name : className.toLowerCase();
  const listed = hoistConstants(asArray(record.layers, `${where}, layers`));
  const functional = 'input_layers' in record;
  const layers = listed.map((layer, index) =>
    readLayer(layer, t('{0}, layer {1}', where, index), depth, functional),
  );
  refuseDuplicates(layers, where);
  const shared = { name, trainable: record.trainable !== false, sequential: !functional };
  return functional ? readFunctional(shared, record, layers, where) : chainSequential(shared, record, layers);
}

function readLayer(json: unknown, where: string, depth: number, functional: boolean): ConfiguredLayer {
  const record = asRecord(json, where);
  const listed = asRecord(
    Array.isArray(record.config) ? { layers: record.config } : (record.config ?? {}),
    where,
  );
  const { className, config } = readClass(asText(record.class_name, `${where}, class_name`), listed);
  const name = asText(record.name ?? config.name, `${where}, name`);
  const here = t('layer "{0}"', name);
  const nodes = functional ? asArray(record.inbound_nodes ?? [], `${here}, inbound_nodes`) : [];
  if (isOperation(record)) {
    return { name, ...readOperation(className, record.module, config, nodes, here), operation: true };
  }
  const nested = isModel(className, record.config);
  const read = nodes.map((node) => {
    const call = readInboundNode(node, here);
    // Keras 3 writes down the default of a layer that takes `training`, and overrules it when the model is called.
    const isDefault = (extra: string) =>
      isJsonRecord(node) && !nested && extra === defaultTraining(className);
    return { ...call, extras: call.extras.filter((extra) => !isDefault(extra)) };
  });
  const { calls, ...said } = arrangeCalls(className, read);
  const opaque = opaqueReasonOf(record) ?? said.opaque;
  return {
    name,
    className,
    config: { ...config, ...said.config },
    ...(opaque === undefined ? {} : { opaque }),
    calls: className === 'InputLayer' ? [{ inputs: [], extras: [] }] : calls,
    ...(typeof record.module === 'string' ? { module: record.module } : {}),
    ...(typeof record.shared_object_id === 'number' ? { sharedId: record.shared_object_id } : {}),
    ...(nested ? { model: readModel(className, record.config, here, depth + 1) } : {}),
    ...(className === 'Constant' ? { operation: true } : {}),
  };
}

/** Layers that augment take themselves to be in training unless they are told. */
function defaultTraining(className: string): string {
  return `training=${kindNamed(className)?.family === 'preprocessing'}`;
}

function readFunctional(
  shared: Pick<ConfiguredModel, 'name' | 'trainable' | 'sequential'>,
  record: JsonRecord,
  layers: readonly ConfiguredLayer[],
  where: string,
): ConfiguredModel {
  const inputs = readTensors(record.input_layers, `${where}, input_layers`);
  const outputs = readTensors(record.output_layers, `${where}, output_layers`);
  if (outputs.length === 0) throw badConfig(where, t('no output'), t('output_layers that name a layer'));
  const keras3 = asArray(record.layers, where).some(
    (layer) =>
      isJsonRecord(layer) && Array.isArray(layer.inbound_nodes) && layer.inbound_nodes.some(isJsonRecord),
  );
  return renumberModelCalls({ ...shared, layers, inputs, outputs }, keras3);
}

/**
 * Makes calls of a nested model count from 0. Keras gives such a model a call of its own when it is built; Keras 2
 * counts it (unless the model had no input then), Keras 3 counts it in `output_layers` alone, and not for a Sequential.
 */
function renumberModelCalls(model: ConfiguredModel, keras3: boolean): ConfiguredModel {
  const nested = model.layers.filter((layer) => layer.model);
  if (nested.length === 0) return model;
  const inbound = model.layers.flatMap((layer) => layer.calls.flatMap((call) => call.inputs));
  const namesFirstCall = (tensors: readonly NamedTensor[], layer: ConfiguredLayer) =>
    tensors.some((tensor) => tensor.layer === layer.name && tensor.call === 0);
  // Every call is read by somebody, so a file that counts from 0 names call 0.
  const ownCalls = (tensors: readonly NamedTensor[]) =>
    new Map(nested.map((layer) => [layer.name, namesFirstCall(tensors, layer) ? 0 : 1]));
  const inInbound: ReadonlyMap<string, number> = keras3
    ? new Map()
    : ownCalls([...inbound, ...model.outputs]);
  const inOutputs = keras3 ? ownCalls(model.outputs) : inInbound;
  const renumber = (tensor: NamedTensor, own: ReadonlyMap<string, number>): NamedTensor => ({
    ...tensor,
    call: tensor.call - (own.get(tensor.layer) ?? 0),
  });
  return {
    ...model,
    layers: model.layers.map((layer) => ({
      ...layer,
      calls: layer.calls.map((call) => ({
        ...call,
        inputs: call.inputs.map((tensor) => renumber(tensor, inInbound)),
      })),
    })),
    outputs: model.outputs.map((tensor) => renumber(tensor, inOutputs)),
  };
}

/** A Sequential model as a chain, with the input layer that Keras makes for it where the file has none. */
function chainSequential(
  shared: Pick<ConfiguredModel, 'name' | 'trainable' | 'sequential'>,
  record: JsonRecord,
  layers: readonly ConfiguredLayer[],
): ConfiguredModel {
  const first = layers[0];
  if (!first) throw badConfig(t('model "{0}"', shared.name), t('no layers'), t('at least one'));
  const chain =
    first.className === 'InputLayer' ? layers : [makeInputLayer(first, record, layers), ...layers];
  const tensorOf = (layer: ConfiguredLayer): NamedTensor => ({ layer: layer.name, call: 0, output: 0 });
  return {
    ...shared,
    layers: chain.map((layer, index) =>
      index === 0 ? layer : { ...layer, calls: [{ inputs: [tensorOf(chain[index - 1]!)], extras: [] }] },
    ),
    inputs: [tensorOf(chain[0]!)],
    outputs: [tensorOf(chain.at(-1)!)],
  };
}

function makeInputLayer(
  first: ConfiguredLayer,
  sequential: JsonRecord,
  layers: readonly ConfiguredLayer[],
): ConfiguredLayer {
  const taken = new Set(layers.map((layer) => layer.name));
  let name = `${first.name}_input`;
  while (taken.has(name)) name += '_';
  const shape = inputShapeOf(first) ?? sequential.build_input_shape ?? null;
  return {
    name,
    className: 'InputLayer',
    config: { batch_shape: shape, dtype: 'float32' },
    calls: [{ inputs: [], extras: [] }],
  };
}

/** The batch shape a first layer says it takes; a model's is that of its own input. */
function inputShapeOf(layer: ConfiguredLayer): unknown {
  const { config, model } = layer;
  const shape = config.batch_input_shape ?? config.batch_shape;
  if (Array.isArray(shape)) return shape;
  if (Array.isArray(config.input_shape)) return [null, ...(config.input_shape as unknown[])];
  const input = model?.layers.find((candidate) => candidate.name === model.inputs[0]?.layer);
  return input && inputShapeOf(input);
}

function refuseDuplicates(layers: readonly ConfiguredLayer[], where: string): void {
  const seen = new Set<string>();
  for (const { name } of layers) {
    if (seen.has(name))
      throw badConfig(where, t('two layers named "{0}"', name), t('names that differ'), name);
    seen.add(name);
  }
}

function badConfig(where: string, found: string, expected: string, layer?: string): Failure {
  return new Failure('input', 'MODEL_CONFIG', t('{0}: found {1}, expected {2}', where, found, expected), {
    ...(layer === undefined ? {} : { layer }),
  });
}
