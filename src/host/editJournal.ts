import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '../formats/jsonFile';
import { currentProcess, isAlive, runProcessSchema } from '../runs/runProcess';
import { backupSchema, type Backup } from './backup';

const entrySchema = z.strictObject({
  version: z.literal(1),
  /** The extension host that wrote it. */
  host: runProcessSchema,
  unsaved: backupSchema,
});

/**
 * The unsaved edits of one document in a file of our own, after each edit: VS Code backs edits up only once in a while, and
 * lets go of its backups where the extension host dies. A file that is there though its host has gone is what was lost.
 */
export class EditJournal {
  private readonly file: string;
  /** What the file is to hold; null for none, undefined where it holds that. */
  private wanted: (() => Promise<Backup>) | null | undefined;
  private working?: Promise<void>;
  /** The file is this document's: another window may have the same document open. */
  private isOurs = false;

  /**
   * @param folder of the workspace's own storage; made with the first edit
   * @param document its URI
   * @param onProblem hears why edits cannot be kept
   */
  constructor(
    folder: string,
    document: string,
    private readonly onProblem: (error: unknown) => void,
  ) {
    this.file = path.join(folder, `${createHash('sha256').update(document).digest('hex').slice(0, 32)}.json`);
  }

  /** While it writes, newer edits take each other's place. */
  keep(unsaved: () => Promise<Backup>): Promise<void> {
    this.isOurs = true;
    return this.want(unsaved);
  }

  /** They are saved, or not wanted. */
  async forget(): Promise<void> {
    if (this.isOurs) await this.want(null);
  }

  /** The edits of a window that ended without closing the document; they are this one's from here on. */
  async left(): Promise<Backup | undefined> {
    const entry = entrySchema.safeParse(await readJsonFile(this.file).catch(() => undefined));
    if (!entry.success || (await isAlive(entry.data.host))) return undefined;
    this.isOurs = true;
    return entry.data.unsaved;
  }

  private want(wanted: NonNullable<typeof this.wanted> | null): Promise<void> {
    this.wanted = wanted;
    this.working ??= this.work().finally(() => (this.working = undefined));
    return this.working;
  }

  private async work(): Promise<void> {
    try {
      while (this.wanted !== undefined) {
        const { wanted } = this;
        this.wanted = undefined;
        if (wanted === null) await rm(this.file, { force: true });
        else
          await writeJsonFile(this.file, {
            version: 1,
            host: await currentProcess(),
            unsaved: await wanted(),
          });
      }
    } catch (error) {
      this.onProblem(error);
    }
  }
}
