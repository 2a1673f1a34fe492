import type { Amount, Totals } from '../../../src/core/summary/totals';
import { showNumber, showSize } from '../../../src/core/summary/amounts';
import type { Column } from './columns';
import type { SummaryRow } from './rows';

/** `1,234 (4.82 KB)` */
export function showAmount({ params, bits }: Amount): string {
  return `${showNumber(params)} (${showSize(bits / 8)})`;
}

/** The totals as Keras's summary says them, for everyone. */
export function totalLines({ all, trainable, nonTrainable }: Totals): readonly (readonly [string, string])[] {
  return [
    ['Total params', showAmount(all)],
    ['Trainable params', showAmount(trainable)],
    ['Non-trainable params', showAmount(nonTrainable)],
  ];
}

/** A table of GitHub's Markdown, and the totals below it. */
export function toMarkdown(columns: readonly Column[], rows: readonly SummaryRow[], totals: Totals): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ printed }) => printed)),
    line(columns.map(({ numeric }) => (numeric ? '---:' : '---'))),
    ...rows.map((row) => line(columns.map(({ text }) => inMarkdown(text(row))))),
    '',
    ...totalLines(totals).map(([name, value]) => `- ${name}: ${value}`),
    '',
  ].join('\n');
}

/** A name is text, whatever it holds: no cell ends in it, no emphasis, link or tag begins. */
function inMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|~]/g, '\\$&');
}

/** Numbers without separators, `\r\n` between lines: RFC 4180. */
export function toCsv(rows: readonly SummaryRow[]): string {
  const lines = rows.map(({ layer, shape, connected, trainable, group }) => [
    layer.name,
    layer.kind,
    shape,
    String(layer.params),
    connected === '-' ? '' : connected,
    trainable === '-' ? '' : trainable,
    group,
  ]);
  return [CSV_TITLES, ...lines].map((cells) => `${cells.map(inCsv).join(',')}\r\n`).join('');
}

const CSV_TITLES = ['Layer', 'Type', 'Output Shape', 'Param #', 'Connected to', 'Trainable', 'Group'];

/** Spreadsheets carry out a cell that begins like a formula, so a hostile name gets an apostrophe before it. */
function inCsv(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
