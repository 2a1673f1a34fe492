import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../core/failure';
import { statFile } from './byteSource';
import { isDeeperThan, MAX_JSON_DEPTH } from './jsonDepth';
import { jsonErrorAt } from './jsonError';
import { replaceWhole } from './replaceFile';
import { t } from '../l10n/translate';

/** Recipes and plans are written by hand or by a few hundred clicks: a larger file is something else. */
export const MAX_DOCUMENT_BYTES = 16 * 2 ** 20;

/**
 * The value of a small JSON file.
 * @throws Failure `FILE_MISSING`, `FILE_TOO_LARGE`, `JSON_INVALID` with the line and column
 */
export async function readJsonFile(file: string, maxBytes = MAX_DOCUMENT_BYTES): Promise<unknown> {
  const found = await statFile(file);
  if (found.isDirectory()) {
    throw new Failure('input', 'FILE_UNREADABLE', t('{0}: found a folder, expected a JSON file', file), {
      path: file,
    });
  }
  if (found.size > maxBytes) {
    throw new Failure(
      'input',
      'FILE_TOO_LARGE',
      t('{0}: found {1} bytes, expected at most {2} of JSON', file, found.size, maxBytes),
      { path: file },
    );
  }
  const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  if (isDeeperThan(MAX_JSON_DEPTH, text)) {
    throw new Failure(
      'input',
      'JSON_INVALID',
      t(
        '{0}: found lists and objects nested more than {1} deep, expected fewer levels',
        file,
        MAX_JSON_DEPTH,
      ),
      { path: file },
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { line, column, found: what, expected } = jsonErrorAt(text);
    throw new Failure(
      'input',
      'JSON_INVALID',
      t('{0}: line {1}, column {2}: found {3}, expected {4}', file, line, column, what, expected),
      { path: file, cause },
    );
  }
}

/** Writes beside the file and renames: whoever reads it sees the old text or the new one, never half. */
export async function writeJsonFile(file: string, value: unknown): Promise<void> {
  await replaceWhole(file, (temporary) => writeFile(temporary, `${JSON.stringify(value, null, 2)}\n`));
}

/** A path in a document, which is relative to the folder of the file that holds it. */
export function resolveFrom(holder: string, relative: string): string {
  return path.resolve(path.dirname(holder), relative);
}

/** The same path as the document would write it: relative, with `/`; as it is where it is relative already. */
export function relativeFrom(holder: string, file: string): string {
  if (!path.isAbsolute(file)) return file;
  const relative = path.relative(path.dirname(path.resolve(holder)), file);
  return relative.split(path.sep).join('/');
}
