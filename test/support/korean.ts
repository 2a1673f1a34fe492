import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from './python';

const FOLDER = path.join(repository, 'l10n/ko');

/** All that is said, in Korean, by the English. */
export function koreanSentences(): Readonly<Record<string, string>> {
  const parts = readdirSync(FOLDER).map((name) => readFileSync(path.join(FOLDER, name), 'utf8'));
  return Object.assign({}, ...parts.map((part) => JSON.parse(part) as object)) as Record<string, string>;
}
