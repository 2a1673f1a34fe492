import type { LayerConfig } from '../../core/graph/layerGraph';
import { innerLayers, innerOwner } from '../../core/layers/wrapping';
import { classCounter } from './variablePaths';

/** A recurrent layer's weights are those of the cell inside it. */
const WITH_CELL: ReadonlySet<string> = new Set([
  'SimpleRNN',
  'LSTM',
  'GRU',
  'ConvLSTM1D',
  'ConvLSTM2D',
  'ConvLSTM3D',
]);

/** The attributes that hold the projections of an attention layer, by what the catalogue calls them. */
const PROJECTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  MultiHeadAttention: {
    query: 'query_dense',
    key: 'key_dense',
    value: 'value_dense',
    attention_output: 'output_dense',
    gate: 'gate_dense',
  },
  GroupQueryAttention: {
    query: '_query_dense',
    key: '_key_dense',
    value: '_value_dense',
    attention_output: '_output_dense',
    gate: '_gate_dense',
  },
};

/**
 * Where the weights of a layer are inside its group of `model.weights.h5`: `vars/0`, `cell/vars/1`,
 * `query_dense/vars/0`. A layer inside a layer is an attribute of it; weights have numbers instead of names, in the order
 * that the layer made them.
 * @param names Keras's names of all the layer's weights, in the catalogue's order
 */
export function variablePathsOf(
  kind: string,
  config: LayerConfig,
  names: readonly string[],
): readonly string[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const folder = folderOf(kind, config, name);
    const index = counts.get(folder) ?? (isDirection(name) ? 1 : 0);
    counts.set(folder, index + 1);
    return `${folder}vars/${index}`;
  });
}

/** SpectralNormalization's own weight, which stands after the kernel that it counts as its own too. */
const isDirection = (name: string): boolean => /(^|\/)vector_u$/.test(name);

/**
 * What Keras writes once more: SpectralNormalization keeps the kernel of the layer inside it beside its own weight.
 * @returns the place of each copy, and the name of the weight that it is of
 */
export function variableCopies(
  kind: string,
  config: LayerConfig,
  names: readonly string[],
): readonly { readonly place: string; readonly of: string }[] {
  return names.filter(isDirection).flatMap((name) => {
    const lead = name.slice(0, -'vector_u'.length);
    const of = names.find((one) => one === `${lead}layer/kernel` || one === `${lead}layer/embeddings`);
    return of === undefined ? [] : [{ place: `${folderOf(kind, config, name)}vars/0`, of }];
  });
}

function folderOf(kind: string, config: LayerConfig, name: string): string {
  if (WITH_CELL.has(kind)) return 'cell/';
  const [place] = name.split('/', 1);
  if (place === undefined || place === name) return '';
  const projection = PROJECTIONS[kind]?.[place];
  if (projection !== undefined) return `${projection}/`;
  const inner = innerOwner(config, name);
  if (!inner) return `${place}/`;
  const folder = kind === 'StackedRNNCells' ? cellFolder(config, Number(place)) : place;
  return `${folder}/${folderOf(inner.kind, inner.config, inner.name)}`;
}

/** The cells of a stack go by their classes, as a model's layers do. */
function cellFolder(config: LayerConfig, index: number): string {
  const names = innerLayers(config)
    .map(({ kind }) => kind)
    .map(classCounter());
  return `cells/${names[index] ?? ''}`;
}
