import { asOneLine } from '../failure';
import { inferShapes, type Inference } from '../graph/infer';
import { parameterCount, tensorKey } from '../graph/layerGraph';
import type { Layer, LayerGraph, LayerId, Shape } from '../graph/layerGraph';
import { layersById } from '../graph/lookup';
import { showNumber, showSize } from './amounts';
import { drawTable, type Column } from './table';
import { totalsOf, type Amount } from './totals';

export interface SummaryOptions {
  /** The table's width; as Keras 88 where layers form a chain, 108 where they do not. */
  readonly lineLength?: number;
  /** The terminal's width, which limits the width that `lineLength` leaves open. */
  readonly terminalColumns?: number;
  /** Of the same graph, where the caller has it already. */
  readonly inference?: Inference;
  /** Rows and totals of these layers alone. */
  readonly only?: ReadonlySet<LayerId>;
}

/**
 * The table that Keras 3's `model.summary()` prints, without a line end. Layers of nested models, which Keras folds
 * into a row, are rows of their own.
 */
export function printSummary(graph: LayerGraph, options: SummaryOptions = {}): string {
  const inference = options.inference ?? inferShapes(graph);
  const chain = isChain(graph);
  const limit = (options.terminalColumns ?? Infinity) - 4;
  const width = options.lineLength ?? Math.min(chain ? 88 : 108, limit);

  const columns = placeColumns(chain ? CHAIN_COLUMNS : GRAPH_COLUMNS, width);
  const connections = chain ? undefined : connectionsOf(graph);
  const { only } = options;
  const isAsked = ({ id }: Layer) => only === undefined || only.has(id);
  const rows = shownLayers(graph, chain)
    .filter(isAsked)
    .map((layer) => [
      asOneLine(`${layer.name} (${layer.kind})`),
      showOutput(layer, inference),
      showNumber(parameterCount(layer)),
      ...(connections ? [connections(layer)] : []),
    ]);
  const totals = totalsOf({ layers: graph.layers.filter(isAsked) });
  return [
    `Model: "${asOneLine(graph.name)}"`,
    ...drawTable(columns, rows, width),
    ` Total params: ${showAmount(totals.all)}`,
    ` Trainable params: ${showAmount(totals.trainable)}`,
    ` Non-trainable params: ${showAmount(totals.nonTrainable)}`,
  ].join('\n');
}

/** Where a column ends, as a share of the line. */
type Place = Omit<Column, 'width'> & { readonly end: number };

const CHAIN_COLUMNS: readonly Place[] = [
  { title: 'Layer (type)', align: 'left', end: 0.45 },
  { title: 'Output Shape', align: 'left', end: 0.8 },
  { title: 'Param #', align: 'right', end: 1 },
];
const GRAPH_COLUMNS: readonly Place[] = [
  { title: 'Layer (type)', align: 'left', end: 0.3 },
  { title: 'Output Shape', align: 'left', end: 0.56 },
  { title: 'Param #', align: 'right', end: 0.74 },
  { title: 'Connected to', align: 'left', end: 1 },
];

function placeColumns(places: readonly Place[], lineLength: number): readonly Column[] {
  let start = 0;
  return places.map(({ end, ...column }) => {
    const width = Math.trunc(end * lineLength) - start;
    start += width;
    return { ...column, width };
  });
}

/** Whether layers follow each other one by one; then nobody needs to be told what is connected to what. */
function isChain(graph: LayerGraph): boolean {
  const calls = graph.layers.flatMap((layer) => layer.calls);
  const read = calls.flatMap((call) => call.inputs);
  return (
    graph.layers.every((layer) => layer.calls.length === 1) &&
    calls.every((call) => call.inputs.length <= 1) &&
    calls.length - read.length === 1 &&
    new Set(read.map(tensorKey)).size === read.length
  );
}

function shownLayers(graph: LayerGraph, chain: boolean): readonly Layer[] {
  return chain && graph.sequential
    ? graph.layers.filter((layer) => layer.kind !== 'InputLayer')
    : graph.layers;
}

/** Keras shows the outputs of a shared layer's last call. */
function showOutput(layer: Layer, inference: Inference): string {
  const outputs = inference.shapes.get(layer.id)?.at(-1);
  if (!outputs) return '?';
  return outputs.length === 1 ? showSizes(outputs[0]) : `[${outputs.map(showSizes).join(', ')}]`;
}

/** Not as Python writes a tuple: one axis has no comma after it. */
function showSizes(shape: Shape): string {
  return `(${shape.map((size) => size ?? 'None').join(', ')})`;
}

function connectionsOf(graph: LayerGraph): (layer: Layer) => string {
  const byId = layersById(graph);
  return (layer) => {
    const inputs = layer.calls.flatMap((call) => call.inputs);
    const shown = inputs.map((tensor) => {
      const name = byId.get(tensor.layer)?.name ?? tensor.layer;
      return `${asOneLine(name)}[${tensor.call}][${tensor.output}]`;
    });
    return shown.join(', ') || '-';
  };
}

const showAmount = ({ params, bits }: Amount): string => `${showNumber(params)} (${showSize(bits / 8)})`;
