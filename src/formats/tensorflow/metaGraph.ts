import type { Shape } from '../../core/graph/layerGraph';
import type { WireRange } from '../protobuf/wire';
import { scanFields, type WireSource } from '../protobuf/wireSource';
import type { GraphDef, Signature, SignatureTensor } from './graphDef';
import { readGraphDef, readMapEntry } from './readGraphDef';
import { readShape } from './tensorShape';

/** A graph and what it is for (tensorflow/core/protobuf/meta_graph.proto). */
export interface MetaGraph {
  readonly tags: readonly string[];
  readonly graph: GraphDef;
  readonly signatures: ReadonlyMap<string, Signature>;
}

export async function readMetaGraph(source: WireSource, range: WireRange): Promise<MetaGraph> {
  const tags: string[] = [];
  let graph: GraphDef = { nodes: [], functions: new Map() };
  const signatures = new Map<string, Signature>();
  for (const field of await scanFields(source, range)) {
    if (field.number === 1) {
      for (const inner of await scanFields(source, field)) {
        if (inner.number === 4) tags.push(await source.text(inner));
      }
    }
    if (field.number === 2) graph = await readGraphDef(source, field);
    if (field.number === 5) {
      const { key, value } = await readMapEntry(source, field);
      if (value) signatures.set(key, await readSignature(source, value));
    }
  }
  return { tags, graph, signatures };
}

/** Inputs and outputs in the order of their names: the file has none. */
async function readSignature(source: WireSource, range: WireRange): Promise<Signature> {
  const inputs: SignatureTensor[] = [];
  const outputs: SignatureTensor[] = [];
  for (const field of await scanFields(source, range)) {
    if (field.number !== 1 && field.number !== 2) continue;
    const { key, value } = await readMapEntry(source, field);
    if (!value) continue;
    let name = '';
    let shape: Shape | undefined;
    for (const inner of await scanFields(source, value)) {
      if (inner.number === 1) name = await source.text(inner);
      if (inner.number === 3) shape = await readShape(source, inner);
    }
    (field.number === 1 ? inputs : outputs).push({ key, name, shape });
  }
  const byKey = (a: SignatureTensor, b: SignatureTensor) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
  return { inputs: inputs.sort(byKey), outputs: outputs.sort(byKey) };
}
