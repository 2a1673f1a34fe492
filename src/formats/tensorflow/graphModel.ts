import path from 'node:path';
import type { Fault } from '../../core/failure';
import { sizeOf } from '../../core/graph/layerGraph';
import { t } from '../../l10n/translate';
import type { ModelFile } from '../format';
import type { StoredWeight } from '../keras/attachWeights';
import { isJsonRecord, type JsonRecord } from '../keras/json';
import { readManifest } from '../tfjs/manifest';
import { openWeights } from '../weights';
import { MAX_SETTING_NUMBERS } from './bounds';
import { typeNamed } from './dataTypes';
import { drawSignature } from './drawSignature';
import { endsOf } from './ends';
import type { GraphNode, StoredTensor } from './graphDef';
import { graphFromJson, signatureFromJson } from './graphJson';

/** Numbers of a float constant that may be a setting: a scale, an epsilon, the means of channels. */
const MAX_SETTING_FLOATS = 64;

/** Whether the JSON of a model.json is of a graph model. */
export function isGraphModel(json: JsonRecord): boolean {
  const topology = json.modelTopology;
  return json.format === 'graph-model' || (isJsonRecord(topology) && 'node' in topology);
}

/**
 * Reads a TensorFlow.js graph model: the graph that the converter froze, with its constants in shards.
 * @throws Failure of kind `input`
 */
export async function readGraphModel(json: JsonRecord, file: string): Promise<ModelFile> {
  const graph = graphFromJson(json.modelTopology);
  const weights = await readManifest(json.weightsManifest ?? [], file);
  const stored = await constantsIn(weights);
  const metadata = isJsonRecord(json.userDefinedMetadata) ? json.userDefinedMetadata.signature : undefined;
  const signature = signatureFromJson(json.signature) ?? signatureFromJson(metadata) ?? endsOf(graph, file);
  const name = path.basename(path.dirname(path.resolve(file)));
  const constant = (node: GraphNode): StoredTensor | undefined =>
    stored.get(node.name) ?? node.attributes.get('value')?.tensor;
  const drawn = drawSignature(name, graph, signature, undefined, constant);
  const report: Fault[] = [...drawn.report];
  if (json.modelInitializer !== undefined) {
    report.push({
      severity: 'warning',
      code: 'GRAPH_PART_NOT_SHOWN',
      message: t('the model has an initializer, which fills tables before it runs; it is not shown'),
    });
  }
  return { format: 'tfjs-graph', path: file, graph: drawn.graph, report };
}

/** Constants by name; the few numbers of those that may be settings are read. */
async function constantsIn(weights: readonly StoredWeight[]): Promise<ReadonlyMap<string, StoredTensor>> {
  const reader = openWeights();
  const constants = new Map<string, StoredTensor>();
  try {
    for (const { path: name, shape, dtype, source } of weights) {
      const whole = dtype === 'int32' || dtype === 'bool';
      const few = sizeOf(shape) <= (whole ? MAX_SETTING_NUMBERS : MAX_SETTING_FLOATS);
      const read = few ? await reader.read({ name, shape, dtype, role: 'parameter', source }) : undefined;
      // Whole numbers may be quantized too.
      const numbers = read && Array.from(read, (value) => (whole ? Math.round(value) : value));
      constants.set(name, { type: typeNamed(dtype) ?? 0, shape, source, ...(numbers && { numbers }) });
    }
  } finally {
    await reader.close();
  }
  return constants;
}
