import path from 'node:path';
import { Failure } from '../core/failure';
import type { Data } from '../core/plan/trainingData';
import { readCsv, type CsvRow } from './csv';
import { readBounded } from './readBounded';
import { t, tn } from '../l10n/translate';

/** A table of files as its rows say it; no image is opened. */
export interface Table {
  readonly file: string;
  /** Absolute. */
  readonly files: readonly string[];
  /** As written, by file. */
  readonly labels: readonly string[];
}

type Columns = Pick<Extract<Data, { kind: 'table' }>, 'columns' | 'delimiter' | 'header'>;

/** A million rows with long paths; the text is one string in memory. */
const LARGEST_TABLE = 2 ** 28;

/**
 * Reads paths, relative to the table's folder, and labels.
 * @throws Failure of kind `input` that names the line
 */
export async function readTable(file: string, options: Columns): Promise<Table> {
  const bytes = await readBounded(
    file,
    LARGEST_TABLE,
    t('a table of images: CSV with a path and a label a row'),
  );
  const rows = readCsv(textOf(bytes, file), options.delimiter, file);
  const first = options.header ? rows.next().value : undefined;
  const [pathColumn, labelColumn] = columnsOf(first ?? undefined, options, file);
  const files: string[] = [];
  const labels: string[] = [];
  for (const { line, fields } of rows) {
    const cell = (column: number, what: string) => {
      const field = fields[column]?.trim();
      if (field) return field;
      const found =
        fields.length <= column ? tn(fields.length, '{0} field', '{0} fields') : t('an empty field');
      throw bad(
        file,
        'TABLE_ROW',
        t('line {0}: found {1}, expected {2} in column {3}', line, found, what, column + 1),
      );
    };
    const image = cell(pathColumn, t('the path of an image'));
    if (image.includes('\0'))
      throw bad(file, 'TABLE_ROW', t('line {0}: found a path with a zero byte in it, expected text', line));
    files.push(path.resolve(path.dirname(file), image));
    labels.push(cell(labelColumn, t('a label')));
  }
  if (files.length === 0) {
    throw bad(
      file,
      'DATA_EMPTY',
      options.header
        ? t('found no row, expected rows below its header: a path and a label each')
        : t('found no row, expected rows: a path and a label each'),
    );
  }
  return { file, files, labels };
}

/** The names of a table's classes: in the order of numbers where all are whole numbers, else by code point. */
export function classesOf(labels: readonly string[]): readonly string[] {
  const names = [...new Set(labels)];
  const byNumber = names.every((name) => /^\d{1,15}$/.test(name));
  return names.sort(
    byNumber ? (a, b) => Number(a) - Number(b) : (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
}

/**
 * @param classes of the training data
 * @throws Failure of kind `input` for a label that is none of them
 */
export function numberLabels({ file, labels, files }: Table, classes: readonly string[]): Int32Array {
  const numbers = new Map(classes.map((name, label) => [name, label]));
  return Int32Array.from(labels, (name, index) => {
    const label = numbers.get(name);
    if (label !== undefined) return label;
    throw bad(
      file,
      'DATA_VALIDATION_CLASSES',
      t(
        'found the class "{0}" ({1}), expected one of the training data\'s: {2}',
        name,
        files[index],
        some(classes),
      ),
    );
  });
}

/** The labels as numbers. @throws Failure of kind `input` for one that is none */
export function valuesOf({ file, labels, files }: Table): Float32Array {
  return Float32Array.from(labels, (label, index) => {
    const value = Number(label);
    if (Number.isFinite(value)) return value;
    throw bad(
      file,
      'TABLE_VALUE',
      t('found the label "{0}" ({1}), expected a number as the loss asks', label, files[index]),
    );
  });
}

const SHOWN = 10;

function some(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  const shown = names.slice(0, SHOWN).join(', ');
  return rest > 0 ? t('{0} and {1} more', shown, rest) : shown;
}

/** By the plan's word; else those that the header calls `path` and `label`; else the first two. */
function columnsOf(header: CsvRow | undefined, options: Columns, file: string): readonly [number, number] {
  const names = header?.fields.map((field) => field.trim()) ?? [];
  const [byPath, byLabel] = [names.indexOf('path'), names.indexOf('label')];
  if (!options.columns) return byPath >= 0 && byLabel >= 0 ? [byPath, byLabel] : [0, 1];
  const [image, label] = options.columns.map((column) => {
    const index = typeof column === 'number' ? column : names.indexOf(column);
    if (index >= 0) return index;
    throw bad(
      file,
      'TABLE_COLUMN',
      names.length > 0
        ? t('found the columns {0}, expected a column named "{1}" as the plan says', some(names), column)
        : t('found no header, expected a column named "{0}" as the plan says', column),
    );
  });
  return [image ?? 0, label ?? 1];
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Failure(
      'input',
      'TABLE_TEXT',
      t('{0}: found bytes that are no UTF-8 text, expected a CSV table; save it as UTF-8', file),
      {
        path: file,
        cause,
      },
    );
  }
}

function bad(file: string, code: string, message: string): Failure {
  return new Failure('input', code, `${file}: ${message}`, { path: file });
}
