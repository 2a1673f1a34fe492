import { expect, test } from 'vitest';
import { totalsOf } from '../../../../src/core/summary/totals';
import { printSummary } from '../../../../src/core/summary/printSummary';
import { columnsOf, nextSorting, sortRows } from '../../../../webview/editor/summary/columns';
import { filterRows, kindsIn, NO_FILTER } from '../../../../webview/editor/summary/filter';
import { toCsv, toMarkdown, totalLines } from '../../../../webview/editor/summary/printed';
import { rowsOf } from '../../../../webview/editor/summary/rows';
import { mountedRows, ROW_HEIGHT, scrollTo } from '../../../../webview/editor/summary/rowWindow';
import { rangeOf } from '../../../../webview/editor/summary/rangeOf';
import { indexModel } from '../../../../webview/editor/model/modelIndex';
import { EditorHost } from '../../../webview/support/editorHost';
import { residualNet } from '../../../webview/support/models';
import { GraphBuilder } from '../../support/graphs';

function summaryOf(frozen = '^conv1') {
  const host = new EditorHost(residualNet([1, 1]));
  host.answer({ type: 'edit', edit: { type: 'freeze', rules: [{ match: { regex: frozen } }] } });
  const model = host.model();
  return { host, model, rows: rowsOf(indexModel(model)) };
}

test('rows say what Keras prints', () => {
  const { rows } = summaryOf();
  const add = rows.find(({ layer }) => layer.kind === 'Add')!;
  expect(add).toMatchObject({
    title: 'conv2_block1_add (Add)',
    shape: '(None, 64, 64, 16)',
    connected: 'conv2_block1_0_bn, conv2_block1_2_bn',
    trainable: '-',
  });
  expect(rows.find(({ layer }) => layer.name === 'conv1_bn')?.trainable).toBe('N');
  expect(rows.find(({ layer }) => layer.name === 'predictions')?.trainable).toBe('Y');
  expect(rows[0]?.connected).toBe('-');
});

test('the column of groups is there where groups are', () => {
  const { rows } = summaryOf();
  expect(columnsOf(rows).map(({ id }) => id)).toEqual(['layer', 'shape', 'params', 'connected', 'trainable']);
  const build = new GraphBuilder();
  const graph = build.outputs(build.add({ kind: 'ReLU', group: ['net', 'stem'] }, build.input([null, 4])));
  const grouped = rowsOf(indexModel(new EditorHost(graph).model()));
  expect(columnsOf(grouped).map(({ text }) => text(grouped[1]!))).toContain('net/stem');
});

test('sorts by each column, upwards, downwards, and as the graph has them', () => {
  const { rows } = summaryOf();
  const names = (sorted: typeof rows) => sorted.map(({ layer }) => layer.name);
  const up = nextSorting(null, 'params');
  const params = sortRows(rows, up).map(({ layer }) => layer.params);
  expect(params).toEqual([...params].sort((a, b) => a - b));
  expect(params.at(-1)).toBeGreaterThan(0);
  const down = nextSorting(up, 'params');
  expect(sortRows(rows, down)[0]?.layer.params).toBe(params.at(-1));
  expect(nextSorting(down, 'params')).toBeNull();
  expect(sortRows(rows, null)).toBe(rows);
  expect(nextSorting(down, 'layer')).toEqual({ column: 'layer', descending: false });
  const numbered = ['conv10', 'conv9', 'conv1'].map((name) => ({
    ...rows[1]!,
    layer: { ...rows[1]!.layer, name },
  }));
  expect(names(sortRows(numbered, nextSorting(null, 'layer')))).toEqual(['conv1', 'conv9', 'conv10']);
});

test('filters by text, expression, kind and state', () => {
  const { rows } = summaryOf();
  const names = (filter: Partial<typeof NO_FILTER>) =>
    filterRows(rows, { ...NO_FILTER, ...filter }).rows.map(({ layer }) => layer.name);
  expect(names({})).toHaveLength(rows.length);
  expect(names({ text: 'ADD' })).toEqual(['conv2_block1_add', 'conv3_block1_add']);
  expect(names({ text: '^conv[23].*add$', isRegex: true })).toEqual(['conv2_block1_add', 'conv3_block1_add']);
  expect(names({ kind: 'Dense' })).toEqual(['predictions']);
  expect(names({ shown: 'frozen' })).toEqual(['conv1_conv', 'conv1_bn']);
  expect(names({ shown: 'faults' })).toEqual([]);
  expect(names({ shown: 'weights' }).length).toBe(names({ shown: 'trainable' }).length + 2);
  const bad = filterRows(rows, { ...NO_FILTER, text: '(', isRegex: true });
  expect(bad.problem).toMatch(/group/i);
  expect(bad.rows).toHaveLength(rows.length);
  expect(kindsIn(rows)).toEqual([...new Set(kindsIn(rows))].sort());
});

test("totals are Keras's, bytes too", () => {
  const { host, model } = summaryOf();
  const printed = printSummary(host.graph);
  for (const [name, value] of totalLines(totalsOf(model))) expect(printed).toContain(`${name}: ${value}`);
  expect(totalsOf(model)).toEqual(totalsOf(host.graph));
});

test('some layers are printed with their own totals', () => {
  const { host } = summaryOf();
  const dense = host.graph.layers.find(({ kind }) => kind === 'Dense')!;
  const printed = printSummary(host.graph, { only: new Set([dense.id]) });
  expect(printed).toContain('predictions');
  expect(printed).not.toContain('conv1_conv');
  expect(printed).toContain('Total params: 330 (1.29 KB)');
});

const HOSTILE = '=HYPERLINK("http://x")|<img onerror=alert(1)>';

test('CSV keeps a hostile name in its cell and starts no formula', () => {
  const { rows } = summaryOf();
  const hostile = { ...rows[1]!, layer: { ...rows[1]!.layer, name: HOSTILE } };
  const [titles, line, end] = toCsv([hostile]).split('\r\n');
  expect(titles).toBe('Layer,Type,Output Shape,Param #,Connected to,Trainable,Group');
  expect(line).toMatch(/^"'=HYPERLINK\(""http:\/\/x""\)\|<img onerror=alert\(1\)>",Conv2D,"\(None, /);
  expect(end).toBe('');
});

test('Markdown keeps a hostile name in its cell and begins no tag', () => {
  const { rows, model } = summaryOf();
  const hostile = { ...rows[1]!, title: `${HOSTILE}\n# x` };
  const [head, rule, line, , total] = toMarkdown(columnsOf(rows), [hostile], totalsOf(model)).split('\n');
  expect(head).toBe('| Layer (type) | Output Shape | Param # | Connected to | Trainable |');
  expect(rule).toBe('| --- | --- | ---: | --- | --- |');
  expect(line).toContain('\\|\\<img onerror=alert(1)\\> # x |');
  expect(total).toMatch(/^- Total params: [\d,]+ \(/);
});

test('mounts what is in sight and little more, at both ends', () => {
  const height = 25 * ROW_HEIGHT;
  expect(mountedRows(10_000, 0, height)).toEqual({ first: 0, end: 29 });
  expect(mountedRows(10_000, 5000 * ROW_HEIGHT, height)).toEqual({ first: 4997, end: 5029 });
  expect(mountedRows(10_000, 9_975 * ROW_HEIGHT, height).end).toBe(10_000);
  expect(mountedRows(3, 5000, height)).toEqual({ first: 0, end: 3 });
  expect(mountedRows(0, 0, height)).toEqual({ first: 0, end: 0 });
  expect(scrollTo(3, 0, height)).toBeUndefined();
  expect(scrollTo(25, 0, height)).toBe(ROW_HEIGHT);
  expect(scrollTo(3, 10 * ROW_HEIGHT, height)).toBe(3 * ROW_HEIGHT);
});

test('a range ends with the row that was pressed, in either direction', () => {
  const { rows } = summaryOf();
  const ids = rows.slice(2, 5).map(({ layer }) => layer.id);
  expect(rangeOf(rows, 2, 4)).toEqual(ids);
  expect(rangeOf(rows, 4, 2)).toEqual([...ids].reverse());
});
