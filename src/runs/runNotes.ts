import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { writeJsonFile } from '../formats/jsonFile';
import { RUN_FILES } from './runFolder';
import { t } from '../l10n/translate';

/** As many characters as a list can show; a file that somebody else wrote may hold anything. */
export const LONGEST_NAME = 120;
const LONGEST_TAG = 40;
const MOST_TAGS = 20;

const notesSchema = z.object({
  version: z.literal(1),
  /** Instead of the name that the run was started with. */
  name: z.string().min(1).max(LONGEST_NAME).optional(),
  tags: z.array(z.string().min(1).max(LONGEST_TAG)).max(MOST_TAGS).optional(),
});

/** What people write about a run: `notes.json` in its folder, so that it goes where the run goes. Never its events. */
export interface RunNotes {
  readonly name?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** Nothing where there is no such file, or one that holds something else. */
export async function readNotes(run: string): Promise<RunNotes> {
  try {
    const text = await readFile(path.join(run, RUN_FILES.notes), 'utf8');
    const { name, tags } = notesSchema.parse(JSON.parse(text));
    return { ...(name !== undefined && { name }), ...(tags?.length && { tags }) };
  } catch {
    return {};
  }
}

/** Replaces what is noted of a run, in one step. @throws Failure where the folder cannot be written to */
export async function writeNotes(run: string, { name, tags }: RunNotes): Promise<void> {
  const notes = { version: 1, ...(name !== undefined && { name }), ...(tags?.length && { tags }) };
  await writeJsonFile(path.join(run, RUN_FILES.notes), notes);
}

/** `transfer, best so far` as tags: trimmed, each once; a sentence says what is wrong with them. */
export function parseTags(text: string): readonly string[] | string {
  const tags = [...new Set(text.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '');
  if (tags.length > MOST_TAGS) return t('Found {0} tags, expected at most {1}', tags.length, MOST_TAGS);
  const long = tags.find((tag) => tag.length > LONGEST_TAG);
  return long === undefined
    ? tags
    : t('"{0}…" is longer than {1} characters', long.slice(0, LONGEST_TAG), LONGEST_TAG);
}

/** What is wrong with a run's new name; `undefined` where nothing is. */
export function faultOfName(name: string): string | undefined {
  if (name.trim() === '') return t('Expected a name');
  return name.trim().length > LONGEST_NAME ? t('Expected at most {0} characters', LONGEST_NAME) : undefined;
}
