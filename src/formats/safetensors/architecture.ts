import path from 'node:path';
import { Failure, type Fault } from '../../core/failure';
import { t } from '../../l10n/translate';
import { statFile } from '../byteSource';
import { readJsonFile } from '../jsonFile';
import { attachWeights, type StoredWeight } from '../keras/attachWeights';
import { MAX_CONFIG_BYTES } from '../keras/bounds';
import { isJsonRecord, type JsonRecord } from '../keras/json';
import { readKerasGraph, type KerasGraph } from '../keras/readGraph';
import type { SafeTensor } from './header';

/**
 * The whole graph of a Keras configuration whose weights are tensors named `layer.weight`.
 * @throws Failure where the configuration is none or a weight is missing or of another shape
 */
export function buildGraph(config: unknown, tensors: readonly SafeTensor[]): KerasGraph {
  const structure = readKerasGraph(config);
  const layers = new Set(structure.graph.layers.map((layer) => layer.name));
  const byLayer = new Map<string, StoredWeight[]>();
  const others: StoredWeight[] = [];
  for (const { name, shape, dtype, source } of tensors) {
    if (!dtype) continue;
    const split = splitName(name, layers);
    const list = split ? (byLayer.get(split.layer) ?? []) : others;
    list.push({ path: split?.weight ?? name, shape, dtype, source });
    if (split) byLayer.set(split.layer, list);
  }
  const groups = [...byLayer].map(([layer, weights]) => ({ layer, weights }));
  return attachWeights(structure, others.length === 0 ? groups : [...groups, { weights: others }]);
}

/** The name of a layer's weight as a tensor. */
export function tensorName(layer: string, weight: string): string {
  return `${layer}.${weight}`;
}

/** Layers may have dots in their names: the longest one that the tensor's name begins with is meant. */
function splitName(name: string, layers: ReadonlySet<string>) {
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const layer = name.slice(0, dot);
    if (layers.has(layer)) return { layer, weight: name.slice(dot + 1) };
  }
  return undefined;
}

export interface Beside {
  readonly graph?: KerasGraph;
  readonly report: readonly Fault[];
}

/** Files that say what weights are for, the surest first: Keras's and Hugging Face's, then KerasHub's. */
const CONFIGS = ['config.json', 'task.json'];

/**
 * What a configuration beside the file says: the whole graph where it is that of a Keras model whose every weight is in
 * the file, else a word about what it names and why that is not enough. Known are Keras's own functional and Sequential
 * configurations, which list their layers; those of timm, transformers and KerasHub only name a program.
 */
export async function readConfigBeside(file: string, tensors: readonly SafeTensor[]): Promise<Beside> {
  for (const name of CONFIGS) {
    const beside = path.join(path.dirname(file), name);
    const stats = await statFile(beside).catch(() => undefined);
    if (stats?.isFile()) return readConfig(name, beside, tensors);
  }
  return { report: [] };
}

async function readConfig(name: string, beside: string, tensors: readonly SafeTensor[]): Promise<Beside> {
  try {
    const json = await readJsonFile(beside, MAX_CONFIG_BYTES);
    if (!isJsonRecord(json)) return { report: [] };
    if (listsLayers(json)) {
      const graph = buildGraph(json, tensors);
      return { graph, report: graph.report };
    }
    return { report: [unknownFault(name, architectureOf(json))] };
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    return { report: [refusedFault(name, cause.message)] };
  }
}

/** Whether it is a model of Keras's, not an object of somebody's own class. */
function listsLayers({ class_name: className, config }: JsonRecord): boolean {
  if (typeof className !== 'string') return false;
  return Array.isArray(config) || (isJsonRecord(config) && Array.isArray(config.layers));
}

/** As transformers, timm and KerasHub write it. */
function architectureOf(json: JsonRecord): string | undefined {
  const { architectures, model_type: type, architecture, class_name: className } = json;
  const [first] = Array.isArray(architectures) ? (architectures as unknown[]) : [];
  const name = first ?? type ?? architecture ?? className;
  return typeof name === 'string' ? name.slice(0, 100) : undefined;
}

function unknownFault(file: string, architecture: string | undefined): Fault {
  return {
    severity: 'warning',
    code: 'ARCHITECTURE_UNKNOWN',
    message:
      architecture === undefined
        ? t('{0} beside the file names no architecture: these are weights only', file)
        : t(
            '{0} beside the file says that it is {1}, whose architecture is not known here: these are weights only',
            file,
            architecture,
          ),
  };
}

function refusedFault(file: string, reason: string): Fault {
  return {
    severity: 'warning',
    code: 'ARCHITECTURE_REFUSED',
    message: t('{0} beside the file does not describe these weights: {1}', file, reason),
  };
}
