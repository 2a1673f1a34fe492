import { createHash, randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { readJsonFile, writeJsonFile } from '../formats/jsonFile';
import { currentProcess, isAlive, runProcessSchema } from '../runs/runProcess';
import { backupSchema, type Backup } from './backup';

const entrySchema = z.strictObject({
  version: z.literal(1),
  /** The extension host that wrote it. */
  host: runProcessSchema,
  unsaved: backupSchema,
});

/** Unsaved edits of the same document that another window keeps, or kept. */
export interface LeftEdits {
  readonly unsaved: Backup;
  /** The process that wrote them is there. */
  readonly isOwned: boolean;
  /** Makes them this document's. @returns false where they have gone: another window was faster */
  take(): Promise<boolean>;
  forget(): Promise<void>;
}

/**
 * The unsaved edits of one open document in a file of its own, after each edit: VS Code backs edits up only once in a while,
 * and lets go of its backups where the extension host dies. A file whose host has gone is what was lost.
 */
export class EditJournal {
  /** What the files of all who have that document open begin with. */
  private readonly prefix: string;
  private readonly file: string;
  /** What the file is to hold; null for none, undefined where it holds that. */
  private wanted: (() => Promise<Backup>) | null | undefined;
  private working?: Promise<void>;
  private mayBeThere = false;

  /**
   * @param folder that every window of this machine has in common: the storage of a workspace is one of several where it is
   * open in several windows. Made with the first edit
   * @param document its URI
   * @param onProblem hears why edits cannot be kept, or read
   */
  constructor(
    private readonly folder: string,
    document: string,
    private readonly onProblem: (error: unknown) => void,
  ) {
    this.prefix = `${createHash('sha256').update(document).digest('hex').slice(0, 32)}-`;
    this.file = path.join(folder, `${this.prefix}${randomUUID()}.json`);
  }

  /** While it writes, newer edits take each other's place. */
  keep(unsaved: () => Promise<Backup>): Promise<void> {
    this.mayBeThere = true;
    return this.want(unsaved);
  }

  /** They are saved, or not wanted. */
  async forget(): Promise<void> {
    if (this.mayBeThere) await this.want(null);
  }

  /** What other windows keep of this document, and what those left that ended without closing it; the newest last. */
  async left(): Promise<readonly LeftEdits[]> {
    const names = await readdir(this.folder).catch(() => []);
    const others = names
      .filter((name) => name.startsWith(this.prefix) && name.endsWith('.json'))
      .map((name) => path.join(this.folder, name))
      .filter((file) => file !== this.file);
    const found = await Promise.all(others.map((file) => this.leftIn(file)));
    return found
      .filter((each) => each !== undefined)
      .sort((a, b) => a.writtenAt - b.writtenAt)
      .map(({ left }) => left);
  }

  private async leftIn(
    file: string,
  ): Promise<{ readonly writtenAt: number; readonly left: LeftEdits } | undefined> {
    try {
      const { mtimeMs: writtenAt } = await stat(file);
      const { host, unsaved } = entrySchema.parse(await readJsonFile(file));
      const left: LeftEdits = {
        unsaved,
        isOwned: await isAlive(host),
        take: () => this.takeOver(file),
        forget: () => rm(file, { force: true }),
      };
      return { writtenAt, left };
    } catch (error) {
      // It stays: a newer version of this extension may read it.
      this.onProblem(error);
      return undefined;
    }
  }

  /** By its name: at any moment the edits are in one file or in the other. */
  private async takeOver(file: string): Promise<boolean> {
    this.mayBeThere = true;
    return rename(file, this.file).then(
      () => true,
      () => false,
    );
  }

  private want(wanted: NonNullable<typeof this.wanted> | null): Promise<void> {
    this.wanted = wanted;
    this.working ??= this.work();
    return this.working;
  }

  private async work(): Promise<void> {
    while (this.wanted !== undefined) {
      const { wanted } = this;
      this.wanted = undefined;
      try {
        if (wanted === null) await rm(this.file, { force: true });
        else {
          const unsaved = await wanted();
          await writeJsonFile(this.file, { version: 1, host: await currentProcess(), unsaved });
        }
      } catch (error) {
        this.onProblem(error);
      }
    }
    // In the same turn as the last look at what is wanted: what is asked for from here on begins anew.
    this.working = undefined;
  }
}
