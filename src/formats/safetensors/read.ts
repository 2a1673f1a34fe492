import path from 'node:path';
import type { Fault } from '../../core/failure';
import { t } from '../../l10n/translate';
import type { ModelFile } from '../format';
import { parseJson } from '../keras/json';
import { parseNotes } from '../keras/notes';
import { weightsOnlyFault, weightsOnlyGraph, type NamedWeight } from '../weightsOnly';
import { buildGraph, readConfigBeside } from './architecture';
import { readHeader, type SafeTensor } from './header';
import { INDEX_ENDING, isIndex, readShards } from './shards';

/** Where we keep a model's configuration in a file's metadata, and what Keras has no place for. */
export const CONFIG_KEY = 'model_config';
export const NOTES_KEY = 'model_surgery';

/**
 * Reads a safetensors file, or the files of an index. The whole graph comes from our own metadata or from a Keras
 * config.json beside the file; without them it is weights, a layer a module.
 * @throws Failure of kind `input`
 */
export async function readSafetensors(file: string): Promise<ModelFile> {
  const sharded = isIndex(file);
  const { tensors, metadata, report } = sharded
    ? await readShards(file)
    : { ...(await readHeader(file)), report: [] };
  const found = [...report, ...tensors.flatMap((tensor) => (tensor.dtype ? [] : [unsupportedFault(tensor)]))];
  const config = metadata[CONFIG_KEY];
  if (config !== undefined && NOTES_KEY in metadata) {
    const json = parseJson(config, `${file}: ${CONFIG_KEY}`);
    const { graph, report: own } = buildGraph(json, tensors);
    const notes = parseNotes(metadata[NOTES_KEY]);
    return {
      format: 'safetensors',
      path: file,
      graph: notes.restore(graph),
      report: [...own, ...found],
      ...notes.labels,
    };
  }
  const beside = await readConfigBeside(file, tensors);
  if (beside.graph) {
    return {
      format: 'safetensors',
      path: file,
      graph: beside.graph.graph,
      report: [...beside.report, ...found],
    };
  }
  const graph = weightsOnlyGraph(nameOf(file), toWeights(tensors), separatorOf(tensors));
  const all = [weightsOnlyFault(), ...beside.report, ...found];
  return { format: 'safetensors', path: file, graph, report: all, weightsOnly: true };
}

function toWeights(tensors: readonly SafeTensor[]): readonly NamedWeight[] {
  return tensors.flatMap(({ name, shape, dtype, source }) =>
    dtype ? [{ path: name, shape, dtype, source }] : [],
  );
}

/** PyTorch's names have dots, TensorFlow's slashes. */
function separatorOf(tensors: readonly SafeTensor[]): string {
  const some = (separator: string) => tensors.some(({ name }) => name.includes(separator));
  return !some('.') && some('/') ? '/' : '.';
}

function nameOf(file: string): string {
  return isIndex(file) ? path.basename(file).slice(0, -INDEX_ENDING.length) : path.parse(file).name;
}

function unsupportedFault({ name, type }: SafeTensor): Fault {
  const end = name.lastIndexOf('.');
  return {
    severity: 'warning',
    code: 'WEIGHT_UNSUPPORTED',
    ...(end > 0 && { layer: name.slice(0, end) }),
    message: t('"{0}" holds {1}, which is not supported: it is left out', name, type),
  };
}
