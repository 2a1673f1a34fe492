import { asOneLine } from '../failure';
import { sizeOf, type LayerGraph } from '../graph/layerGraph';
import { showNumber, showSize } from './amounts';
import { drawTable, type Column } from './table';
import { totalsOf } from './totals';

/** Characters of padding and border that each column takes beside its text. */
const AROUND = 3;

/**
 * The table of a file that has weights and no architecture: a row a weight, the layer's name at its first, shapes and
 * types as the file has them. As wide as its longest texts, within the terminal; without a line end.
 */
export function printWeights(
  graph: LayerGraph,
  { terminalColumns = Infinity }: { readonly terminalColumns?: number | undefined } = {},
): string {
  const rows = graph.layers.flatMap((layer) =>
    layer.weights.map((weight, place) => [
      place === 0 ? asOneLine(layer.name) : '',
      asOneLine(weight.name),
      `(${weight.shape.join(', ')})`,
      weight.dtype,
      showNumber(sizeOf(weight.shape)),
    ]),
  );
  const columns = COLUMNS.map((column, place): Column => {
    const width = rows.reduce((most, row) => Math.max(most, row[place]?.length ?? 0), column.title.length);
    return { ...column, width };
  });
  const wished = columns.reduce((sum, { width }) => sum + width + AROUND, 1);
  const { all } = totalsOf(graph);
  return [
    `Weights: "${asOneLine(graph.name)}"`,
    ...drawTable(columns, rows, Math.min(wished, terminalColumns)),
    ` Total params: ${showNumber(all.params)} (${showSize(all.bits / 8)})`,
  ].join('\n');
}

const COLUMNS: readonly Omit<Column, 'width'>[] = [
  { title: 'Layer', align: 'left' },
  { title: 'Weight', align: 'left' },
  { title: 'Shape', align: 'left' },
  { title: 'Type', align: 'left' },
  { title: 'Param #', align: 'right' },
];
