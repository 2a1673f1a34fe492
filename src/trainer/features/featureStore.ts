import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { openFeatureFile, FeatureFileWriter } from './featureFile';
import { bytesOf, type Layout } from './layout';
import type { Rows } from './rows';

const ENDING = '.features';
const PART = '.part';

/** A part that nobody has written to for so long is of a process that went; milliseconds. */
const STALE_PART = 24 * 60 * 60 * 1000;

/** Features being written under a name of their own. */
export interface KeptPart {
  append(records: Float32Array): Promise<void>;
  /** Gives them their name: they are there as a whole, or not at all. */
  finish(): Promise<void>;
  abandon(): Promise<void>;
}

/**
 * A folder of features by key, within a budget: those that were used longest ago make room. Processes share it without
 * talking: what two of them compute at once is the same, and the last to rename has it.
 */
export class FeatureStore {
  /** @param budget bytes */
  constructor(
    private readonly folder: string,
    private readonly budget: number,
  ) {}

  hasRoomFor(layout: Layout): boolean {
    return bytesOf(layout) <= this.budget;
  }

  /**
   * Nothing where none are kept.
   * @param memory bytes that may be held in memory
   * @throws Error that says what is broken; what is broken is gone then
   */
  async open(key: string, memory: number): Promise<Rows | undefined> {
    const file = this.fileOf(key);
    try {
      const rows = await openFeatureFile(file, key, memory);
      if (rows) await utimes(file, new Date(), new Date()).catch(() => undefined);
      return rows;
    } catch (cause) {
      await rm(file, { recursive: true, force: true }).catch(() => undefined);
      throw cause;
    }
  }

  /** @throws what the operating system says */
  async begin(key: string, layout: Layout): Promise<KeptPart> {
    await mkdir(this.folder, { recursive: true });
    await this.makeRoom(bytesOf(layout));
    const file = this.fileOf(key);
    const part = `${file}.${randomBytes(6).toString('hex')}${PART}`;
    const writer = await FeatureFileWriter.create(part, key, layout);
    const discard = () => rm(part, { force: true }).catch(() => undefined);
    return {
      append: (records) => writer.append(records),
      finish: async () => {
        try {
          await writer.finish();
          await rename(part, file);
        } catch (cause) {
          await discard();
          throw cause;
        }
      },
      abandon: async () => {
        await writer.abandon().catch(() => undefined);
        await discard();
      },
    };
  }

  private fileOf(key: string): string {
    return path.join(this.folder, `${key}${ENDING}`);
  }

  /** Others' files are let be, and so are those that another process does not let go of. */
  private async makeRoom(bytes: number): Promise<void> {
    const kept = await this.kept();
    let total = kept.reduce((sum, { size }) => sum + size, bytes);
    for (const { file, size } of kept.toSorted((a, b) => a.used - b.used)) {
      if (total <= this.budget) return;
      const isGone = await rm(file).then(
        () => true,
        () => false,
      );
      if (isGone) total -= size;
    }
  }

  private async kept(): Promise<readonly { file: string; size: number; used: number }[]> {
    const found: { file: string; size: number; used: number }[] = [];
    for (const name of await readdir(this.folder)) {
      const isPart = name.includes(`${ENDING}.`) && name.endsWith(PART);
      if (!isPart && !name.endsWith(ENDING)) continue;
      const file = path.join(this.folder, name);
      const stats = await stat(file).catch(() => undefined);
      if (!stats?.isFile()) continue;
      if (!isPart) found.push({ file, size: stats.size, used: stats.mtimeMs });
      else if (Date.now() - stats.mtimeMs > STALE_PART)
        await rm(file, { force: true }).catch(() => undefined);
    }
    return found;
  }
}
