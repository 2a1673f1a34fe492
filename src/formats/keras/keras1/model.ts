import { t } from '../../../l10n/translate';
import { asArray, asRecord, asText, isJsonRecord, type JsonRecord } from '../json';
import { currentLayer } from './layers';
import { mergeLayers } from './merge';

/** A layer or a model as a configuration lists it. */
type LayerRecord = JsonRecord;

/** Names for nested Sequential models, which Keras 1 wrote without: those that the file has weights under, in order. */
class ModelNames {
  private readonly spare: string[];
  private count = 0;

  constructor(
    private readonly taken: Set<string>,
    groups: readonly string[],
  ) {
    this.spare = groups.filter((name) => !taken.has(name));
  }

  /** @param hasGroup whether its weights are under a name of its own */
  next(hasGroup: boolean): string {
    const name = hasGroup ? this.spare.shift() : undefined;
    return name ?? this.unused('model');
  }

  unused(stem: string): string {
    let name = stem;
    while (this.taken.has(name)) name = `${stem}_${++this.count}`;
    this.taken.add(name);
    return name;
  }
}

/**
 * A model's configuration as Keras 1 wrote it, with the classes and keys of today; `Merge` layers become what they do,
 * and a Sequential that begins with one a functional model.
 * @param groups the names that the file has weights under
 * @throws Failure `MODEL_CONFIG`
 */
export function currentModel(json: unknown, groups: readonly string[]): unknown {
  const names = new ModelNames(new Set(namesIn(json)), groups);
  return convert(asRecord(json, t('the model')), names);
}

function convert(record: LayerRecord, names: ModelNames): LayerRecord {
  const className = asText(record.class_name, 'class_name');
  const listed = listedLayers(className, record.config);
  if (!listed) {
    const config = isJsonRecord(record.config) ? record.config : {};
    const current = currentLayer(className, config);
    return { ...record, class_name: current.className, config: current.config };
  }
  const own = isJsonRecord(record.config) ? record.config : {};
  if ('input_layers' in own) {
    const layers = listed.flatMap((layer) => convertCalled(asRecord(layer, t('a layer')), names));
    return { ...record, config: { ...own, layers } };
  }
  const records = listed.map((layer) => asRecord(layer, t('a layer')));
  const [first, ...rest] = records;
  const begun = first?.class_name === 'Merge' ? mergedInputs(first, names) : undefined;
  const converted = (begun ? rest : records).map((layer) => named(convert(layer, names), names, true));
  return begun
    ? { ...record, class_name: 'Model', config: { name: 'sequential', ...own, ...begun.chain(converted) } }
    : { ...record, config: { ...own, layers: converted } };
}

/** A layer of a functional model, with its calls. */
function convertCalled(record: LayerRecord, names: ModelNames): readonly LayerRecord[] {
  if (record.class_name !== 'Merge') return [convert(record, names)];
  const config = asRecord(record.config, t('a Merge'));
  const name = asText(record.name ?? config.name, t('the name of a Merge'));
  const calls = asArray(record.inbound_nodes ?? [], t('layer "{0}", inbound_nodes', name));
  return mergeLayers(name, config).map((layer, index, all) => {
    const before = all[index - 1]?.config.name;
    const inbound = index === 0 ? calls : calls.map((_, call) => [[before, call, 0]]);
    return { ...layer, name: layer.config.name, inbound_nodes: inbound };
  });
}

interface Called {
  readonly layers: LayerRecord[];
  readonly inputs: string[];
}

/** The layers of a functional model that begins as a Sequential with a `Merge` of branches does. */
function mergedInputs(merge: LayerRecord, names: ModelNames) {
  const config = asRecord(merge.config, t('a Merge'));
  const called: Called = { layers: [], inputs: [] };
  const branches = asArray(config.layers, t('the layers of a Merge')).map((branch) =>
    callBranch(named(convert(asRecord(branch, t('a branch')), names), names, false), called, names),
  );
  const name = typeof config.name === 'string' ? config.name : names.unused('merge');
  let last = '';
  for (const layer of mergeLayers(name, config)) {
    const inputs = last === '' ? branches : [last];
    called.layers.push(calledOnce(layer, inputs));
    last = String(layer.config.name);
  }
  return {
    chain(rest: readonly LayerRecord[]) {
      for (const layer of rest) {
        called.layers.push(calledOnce(layer, [last]));
        last = nameOf(layer);
      }
      const ends = (tensors: readonly string[]) => tensors.map((layer) => [layer, 0, 0]);
      return {
        layers: called.layers,
        input_layers: ends(called.inputs),
        output_layers: ends([last]),
      };
    },
  };
}

function callBranch(branch: LayerRecord, { layers, inputs }: Called, names: ModelNames): string {
  const name = nameOf(branch);
  const fed = inputShapes(branch).map((batch_input_shape) => {
    const input = names.unused(`${name}_input`);
    layers.push(calledOnce({ class_name: 'InputLayer', config: { name: input, batch_input_shape } }, []));
    inputs.push(input);
    return input;
  });
  layers.push(calledOnce(branch, fed));
  return name;
}

function calledOnce(layer: LayerRecord, inputs: readonly string[]): LayerRecord {
  const inbound = inputs.length === 0 ? [] : [inputs.map((input) => [input, 0, 0])];
  return { ...layer, name: nameOf(layer), inbound_nodes: inbound };
}

/** The batch shapes that a layer or a model, converted before, says it takes. */
function inputShapes(record: LayerRecord): readonly unknown[] {
  const config = isJsonRecord(record.config) ? record.config : {};
  const layers = listedLayers(String(record.class_name), record.config)?.filter(isJsonRecord);
  if (!layers) return [config.batch_input_shape];
  if (!('input_layers' in config)) return layers[0] ? inputShapes(layers[0]) : [];
  return asArray(config.input_layers, 'input_layers').flatMap((input) => {
    const wanted = Array.isArray(input) ? (input[0] as unknown) : input;
    const found = layers.find((layer) => nameOf(layer) === wanted);
    return found ? inputShapes(found) : [];
  });
}

/** A Sequential without a name gets one. */
function named(record: LayerRecord, names: ModelNames, hasGroup: boolean): LayerRecord {
  const known = nameOf(record);
  return known === '' ? { ...record, name: names.next(hasGroup) } : { ...record, name: known };
}

function nameOf(record: LayerRecord): string {
  const config = isJsonRecord(record.config) ? record.config : {};
  const name = record.name ?? config.name;
  return typeof name === 'string' ? name : '';
}

function listedLayers(className: string, config: unknown): readonly unknown[] | undefined {
  if (Array.isArray(config)) return config;
  const layers = className !== 'Merge' && isJsonRecord(config) ? config.layers : undefined;
  return Array.isArray(layers) ? layers : undefined;
}

/** Every text that is somewhere called `name`. */
function namesIn(json: unknown): string[] {
  if (Array.isArray(json)) return json.flatMap(namesIn);
  if (!isJsonRecord(json)) return [];
  const own = typeof json.name === 'string' ? [json.name] : [];
  return [...own, ...Object.values(json).flatMap(namesIn)];
}
