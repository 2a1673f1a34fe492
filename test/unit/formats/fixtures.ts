import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { Failure } from '../../../src/core/failure';
import { inferShapes, shapeOf } from '../../../src/core/graph/infer';
import { parameterCount, type Layer, type WeightRef } from '../../../src/core/graph/layerGraph';
import { layersById } from '../../../src/core/graph/lookup';
import { showShape } from '../../../src/core/layers/kind';
import type { ModelFile, ModelToWrite } from '../../../src/formats/format';
import { openWeights } from '../../../src/formats/weights';

const root = path.resolve(import.meta.dirname, '../../fixtures');

export function fixture(name: string): string {
  return path.join(root, name);
}

export async function readJson<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(fixture(name), 'utf8')) as T;
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'model-surgery-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Every number of every weight, by `layer/weight`. */
export async function readAllWeights(model: ModelFile): Promise<ReadonlyMap<string, Float32Array>> {
  const reader = openWeights();
  const values = new Map<string, Float32Array>();
  try {
    for (const { layer, weight } of weightsOf(model)) {
      values.set(`${layer.name}/${weight.name}`, await reader.read(weight));
    }
  } finally {
    await reader.close();
  }
  return values;
}

export function weightsOf(model: ModelFile): { layer: Layer; weight: WeightRef }[] {
  return model.graph.layers.flatMap((layer) => layer.weights.map((weight) => ({ layer, weight })));
}

/** A model with its numbers in memory, ready to be written. */
export async function toWrite(model: ModelFile): Promise<ModelToWrite> {
  const values = await readAllWeights(model);
  return {
    graph: model.graph,
    weights: async (layer, weight) => {
      const found = values.get(`${layer}/${weight.name}`);
      if (!found) throw new Error(`${layer}/${weight.name} was not read`);
      return found;
    },
    ...(model.labels && { labels: model.labels }),
  };
}

/** The graph as text: a line a layer with its calls, then its weights; then what the reader reported. */
export function graphText(model: ModelFile): string {
  const { graph } = model;
  const byId = layersById(graph);
  const inference = inferShapes(graph);
  const tensor = (ref: { layer: string; call: number; output: number }) => {
    const name = byId.get(ref.layer)?.name ?? `?${ref.layer}`;
    return `${name}${ref.call > 0 ? `#${ref.call}` : ''}${ref.output > 0 ? `:${ref.output}` : ''}`;
  };
  const lines = [`${model.format} ${graph.name}${graph.sequential ? ', sequential' : ''}`];
  for (const layer of graph.layers) {
    const calls = layer.calls.map((call) => `(${call.inputs.map(tensor).join(', ')})`).join(' ');
    const shape = shapeOf(inference, { layer: layer.id, call: 0, output: 0 });
    const notes = [
      layer.group.length > 0 ? `in ${layer.group.join('/')}` : '',
      layer.trainable ? '' : 'frozen',
      layer.opaque === undefined ? '' : 'opaque',
    ].filter((note) => note !== '');
    lines.push(
      `${layer.name}: ${layer.kind}${calls} → ${shape ? showShape(shape) : 'unknown'}, ${parameterCount(layer)} params${notes.map((note) => `, ${note}`).join('')}`,
    );
    for (const weight of layer.weights) {
      lines.push(
        `  ${weight.name} ${showShape(weight.shape)} ${weight.dtype} ${weight.role} from ${weight.source.from}`,
      );
    }
  }
  lines.push(
    `inputs: ${graph.inputs.map(tensor).join(', ')}`,
    `outputs: ${graph.outputs.map(tensor).join(', ')}`,
  );
  lines.push(
    ...model.report.map((fault) => `${fault.severity} ${fault.code} ${fault.layer ?? '-'}: ${fault.message}`),
  );
  return `${lines.join('\n')}\n`;
}

/** The failure that a piece of work ends with. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const outcome = await work.then(
    () => new Error('it did not fail'),
    (cause: unknown) => cause,
  );
  if (outcome instanceof Failure) return outcome;
  throw outcome;
}
