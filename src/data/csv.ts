import { Failure } from '../core/failure';
import { t } from '../l10n/translate';

/** A row of a table, and the line of the file that it begins on, from one. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/** A path and a label fit a thousand times over; a longer field is a quote that nobody closed. */
const LONGEST_FIELD = 2 ** 20;

/**
 * The rows of comma-separated text by RFC 4180: a field in quotes may hold the delimiter, line breaks, and quotes that
 * are doubled. Lines end with `\n` or `\r\n`; empty ones are passed over.
 * @param file for messages
 * @throws Failure of kind `input` (`TABLE_QUOTES`) that names the line
 */
export function* readCsv(text: string, delimiter: string, file: string): Generator<CsvRow> {
  const refuse = (line: number, found: string) =>
    new Failure(
      'input',
      'TABLE_QUOTES',
      t(
        '{0}: line {1}: found {2}, expected quotes around a whole field, those inside it doubled',
        file,
        line,
        found,
      ),
      { path: file },
    );
  let line = 1;
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const began = line;
    const fields: string[] = [];
    for (let more = true; more;) {
      let field = '';
      if (text[at] === '"') {
        const opened = line;
        for (;;) {
          const close = text.indexOf('"', at + 1);
          if (close < 0 || close - at > LONGEST_FIELD || field.length > LONGEST_FIELD)
            throw refuse(opened, t('a quote that is not closed'));
          field += text.slice(at + 1, close);
          at = close + 1;
          if (text[at] !== '"') break;
          field += '"';
        }
        line += field.split('\n').length - 1;
        if (at < text.length && text[at] !== delimiter && text[at] !== '\n' && !text.startsWith('\r\n', at))
          throw refuse(line, t('text after a closing quote'));
      } else {
        const start = at;
        while (at < text.length && text[at] !== delimiter && text[at] !== '\n') at++;
        field = text.slice(start, at);
        if (text[at] !== delimiter && field.endsWith('\r')) field = field.slice(0, -1);
        if (field.includes('"')) throw refuse(line, t('a quote inside a field that has none around it'));
      }
      if (text.startsWith('\r\n', at)) at++;
      fields.push(field);
      more = text[at] === delimiter;
      at++;
    }
    line++;
    if (fields.length > 1 || fields[0] !== '') yield { line: began, fields };
  }
}
