import path from 'node:path';
import * as z from 'zod';
import { Failure } from '../../core/failure';
import { readJsonFile, writeJsonFile } from '../../formats/jsonFile';

/** Beside a fetched module's files: what it is called and where it is from. */
const NOTE_FILE = 'hub_module.json';

/** A name and an address. */
const MAX_NOTE_BYTES = 64 * 1024;

const noteSchema = z.object({ version: z.literal(1), name: z.string().min(1), address: z.string() });

export type HubNote = Omit<z.infer<typeof noteSchema>, 'version'>;

export function writeHubNote(folder: string, note: HubNote): Promise<void> {
  return writeJsonFile(path.join(folder, NOTE_FILE), { version: 1, ...note });
}

/** Nothing of a folder that was not fetched. */
export async function readHubNote(folder: string): Promise<HubNote | undefined> {
  try {
    return noteSchema.safeParse(await readJsonFile(path.join(folder, NOTE_FILE), MAX_NOTE_BYTES)).data;
  } catch (cause) {
    if (cause instanceof Failure) return undefined;
    throw cause;
  }
}
