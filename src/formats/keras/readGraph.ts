import type { Fault } from '../../core/failure';
import { Failure } from '../../core/failure';
import { kindNamed } from '../../core/layers/catalogue';
import { normalizeConfig } from '../../core/layers/config';
import { sortLayers } from '../../core/graph/order';
import type { Layer, LayerConfig, LayerGraph, LayerId } from '../../core/graph/layerGraph';
import { dissolveMasks } from './dissolveMasks';
import { flatten, type FlatLayer } from './flatten';
import { joinShared } from './joinShared';
import type { JsonRecord } from './json';
import { readModelConfig, type ConfiguredLayer } from './modelConfig';
import { renameOldHardSigmoid } from './oldActivations';
import { t } from '../../l10n/translate';

/** A model's structure as its configuration has it; weights come later, from wherever the format keeps them. */
export interface KerasGraph {
  /** Layers without weights. */
  readonly graph: LayerGraph;
  /** Of each layer, the names from the file's outermost layer down to it. */
  readonly paths: ReadonlyMap<LayerId, readonly string[]>;
  /** Layers that are no layers to Keras but operations on tensors. */
  readonly operations?: ReadonlySet<LayerId>;
  readonly report: readonly Fault[];
}

/**
 * A layer graph from a Keras model configuration, `{ class_name, config }`, of Keras 2, Keras 3 or TensorFlow.js.
 * Nested models are flattened; a layer the catalogue does not know, or whose configuration it refuses, becomes opaque.
 * @param oldHardSigmoid whether `hard_sigmoid` is that of Keras 2 (`meansOldHardSigmoid`)
 * @throws Failure of kind `input` where there is no graph in it
 */
export function readKerasGraph(json: unknown, oldHardSigmoid = false): KerasGraph {
  const model = readModelConfig(json);
  const flat = joinShared(flatten(model));
  refuseUnbuilt(flat.layers);
  const names = uniqueNames(flat.layers);
  const report: Fault[] = [];
  const read = flat.layers.map((layer) => {
    const found: Fault[] = [];
    return { layer: toLayer(layer, names.get(layer)!, oldHardSigmoid, found), maskOf: masksOf(layer), found };
  });
  const before = new Map(read.map((each) => [each.layer.id, each]));
  const layers = dissolveMasks(read, flat.outputs);
  for (const { id, name, opaque } of layers) {
    const { layer, found } = before.get(id)!;
    report.push(...found);
    if (opaque !== undefined && opaque !== layer.opaque)
      report.push(opaqueFinding('LAYER_CALL_REFUSED', name, opaque));
  }
  for (const [path, extras] of flat.extras) report.push(ignoredArguments(path, extras));
  const graph: LayerGraph = sortLayers({
    name: model.name,
    layers,
    inputs: flat.inputs,
    outputs: flat.outputs,
    ...(model.sequential && { sequential: true }),
  });
  return {
    graph,
    paths: new Map(flat.layers.map((layer) => [layer.id, layer.path])),
    operations: new Set(flat.layers.flatMap(({ id, configured }) => (configured.operation ? [id] : []))),
    report,
  };
}

/** A Sequential model saved before it saw data says nothing of its input's shape. */
function refuseUnbuilt(layers: readonly FlatLayer[]): void {
  for (const { configured } of layers) {
    if (configured.className !== 'InputLayer' || configured.config.batch_shape !== null) continue;
    throw new Failure(
      'input',
      'MODEL_UNBUILT',
      t(
        'the model was saved before its input shape was known; in Keras, build or call it, then save it again',
      ),
      { layer: configured.name },
    );
  }
}

/** Of which inputs the last tensors of each call are the masks. */
function masksOf({ configured, calls }: FlatLayer): readonly (readonly number[])[] {
  return calls.map((_, call) => configured.calls[call % configured.calls.length]?.maskOf ?? []);
}

function opaqueFinding(code: string, layer: string, reason: string): Fault {
  const message = t('{0}; it can be shown and cut away, not trained', reason);
  return { severity: 'warning', code, layer, message };
}

function toLayer(flat: FlatLayer, name: string, oldHardSigmoid: boolean, found: Fault[]): Layer {
  const { configured, id, path, calls, trainable } = flat;
  const interpreted = interpret(configured, oldHardSigmoid);
  if (interpreted.opaque !== undefined) found.push(opaqueFinding(interpreted.code, name, interpreted.opaque));
  if (name !== path.at(-1)) {
    const message = t('"{0}" is shown as "{1}": its own name is another layer\'s too', path.join('/'), name);
    found.push({ severity: 'warning', code: 'LAYER_RENAMED', layer: name, message });
  }
  return {
    id,
    name,
    kind: configured.className,
    config: interpreted.config,
    calls,
    weights: [],
    trainable,
    group: path.slice(0, -1),
    ...(interpreted.opaque === undefined ? {} : { opaque: interpreted.opaque }),
  };
}

type Interpreted =
  | { readonly config: LayerConfig; readonly opaque?: undefined }
  | { readonly config: LayerConfig; readonly opaque: string; readonly code: string };

function interpret(
  { className, module, config, opaque }: ConfiguredLayer,
  oldHardSigmoid: boolean,
): Interpreted {
  if (opaque !== undefined) return { config: plainConfig(config), code: 'LAYER_KIND_UNKNOWN', opaque };
  const kind = kindNamed(className);
  // Keras 3 says where a class comes from; somebody's own Conv2D is not Keras's.
  const foreign = module !== undefined && !/^(keras|tf_keras|tensorflow\.keras)(\.|$)/.test(module);
  if (!kind || foreign) {
    const what = foreign ? t('the class {0}.{1}', module, className) : t('the layer kind {0}', className);
    return { config: plainConfig(config), code: 'LAYER_KIND_UNKNOWN', opaque: t('{0} is not known', what) };
  }
  try {
    return { config: normalizeConfig(kind, oldHardSigmoid ? renameOldHardSigmoid(config) : config) };
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    return {
      config: plainConfig(config),
      code: 'LAYER_CONFIG_REFUSED',
      opaque: t('its configuration cannot be used: {0}', cause.message),
    };
  }
}

/** What an opaque layer keeps of its configuration: all but what the graph itself holds. */
function plainConfig(config: JsonRecord): LayerConfig {
  return Object.fromEntries(Object.entries(config).filter(([key]) => key !== 'name' && key !== 'trainable'));
}

function ignoredArguments(path: string, extras: readonly string[]): Fault {
  const advice = extras.includes('training=false')
    ? t(
        'to run BatchNormalization with its stored statistics, freeze it or set "batchNorm": "inference" in the plan',
      )
    : t('check that the result does not depend on it');
  return {
    severity: 'warning',
    code: 'CALL_ARGUMENT_IGNORED',
    message: t('"{0}" is called with {1}, which is not kept: {2}', path, extras.join(', '), advice),
  };
}

/** A layer keeps its own name where nobody else has it, else it is led by the names of the models it is in. */
function uniqueNames(layers: readonly FlatLayer[]): ReadonlyMap<FlatLayer, string> {
  const counts = new Map<string, number>();
  for (const { path } of layers) counts.set(path.at(-1)!, (counts.get(path.at(-1)!) ?? 0) + 1);
  const names = new Map<FlatLayer, string>();
  const taken = new Set<string>();
  const outermostFirst = [...layers].sort((a, b) => a.path.length - b.path.length);
  for (const layer of outermostFirst) {
    const own = layer.path.at(-1)!;
    const stem = counts.get(own) === 1 || layer.path.length === 1 ? own : layer.path.join('_');
    let name = stem;
    for (let count = 1; taken.has(name) || (name !== own && counts.has(name)); count++) {
      name = `${stem}_${count}`;
    }
    taken.add(name);
    names.set(layer, name);
  }
  return names;
}
