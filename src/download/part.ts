import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import * as z from 'zod';

/** Nobody who still writes is silent for so long: a connection is given up after a minute. */
const ABANDONED_MS = 5 * 60_000;

/** What the server said of the file that the bytes are of. */
const originSchema = z.strictObject({
  url: z.string(),
  etag: z.string().optional(),
  modified: z.string().optional(),
  length: z.int().min(0).optional(),
});

export type Origin = z.infer<typeof originSchema>;

/**
 * What has come of a file so far: a folder beside its place with the bytes and what they are of. A process that goes on
 * with it renames it to a name of its own first, which one process alone can do, so that two never write to one; whoever
 * comes second begins anew.
 */
export class Part {
  private constructor(
    private readonly place: string,
    private folder: string,
  ) {}

  /** What an earlier attempt left, claimed for this process, or an empty one. */
  static async claim(place: string): Promise<Part> {
    await mkdir(path.dirname(place), { recursive: true });
    const own = `${place}.${process.pid}@${hostname()}.${randomBytes(4).toString('hex')}.part`;
    for (const candidate of await leftBehind(place)) {
      try {
        await rename(candidate, own);
        const part = new Part(place, own);
        const now = new Date();
        // Worked on from now on, however old its bytes are; it may have none.
        await utimes(part.file, now, now).catch(() => undefined);
        return part;
      } catch {
        // Another process was faster.
      }
    }
    await mkdir(own);
    return new Part(place, own);
  }

  get file(): string {
    return path.join(this.folder, 'bytes');
  }

  /** How many bytes there are, and of what; undefined where there is nothing to go on with. */
  async begun(): Promise<{ readonly origin: Origin; readonly bytes: number } | undefined> {
    try {
      const origin = originSchema.parse(JSON.parse(await readFile(this.about, 'utf8')));
      const { size } = await stat(this.file);
      return size > 0 ? { origin, bytes: size } : undefined;
    } catch {
      return undefined;
    }
  }

  /** Before the first byte of a file is written. */
  async begin(origin: Origin): Promise<void> {
    await writeFile(this.file, '');
    await writeFile(this.about, JSON.stringify(origin));
  }

  /** Gives the file its place; what is there is of the same content, and is replaced. */
  async finish(): Promise<void> {
    await rename(this.file, this.place);
    await this.discard();
  }

  /** For whoever goes on with it. */
  async leave(): Promise<void> {
    const free = `${this.place}.part`;
    try {
      if ((await this.begun()) === undefined) return await this.discard();
      await rename(this.folder, free);
    } catch {
      // Another process has left its own, which is as good.
      await this.discard();
    }
  }

  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private get about(): string {
    return path.join(this.folder, 'about.json');
  }
}

/** How many bytes of a file an earlier attempt has left; none where there is nothing to go on with. */
export async function bytesBegun(place: string): Promise<number> {
  const left = await stat(path.join(`${place}.part`, 'bytes')).catch(() => undefined);
  return left?.size ?? 0;
}

/** Parts of the file that no process works on, the free one first. */
async function leftBehind(place: string): Promise<readonly string[]> {
  const folder = path.dirname(place);
  const base = path.basename(place);
  const names = (await readdir(folder)).filter(
    (name) => name.startsWith(`${base}.`) && name.endsWith('.part'),
  );
  const found: string[] = [];
  for (const name of names.sort((a, b) => a.length - b.length)) {
    const candidate = path.join(folder, name);
    if (name === `${base}.part` || (await isAbandoned(candidate, name.slice(base.length + 1)))) {
      found.push(candidate);
    }
  }
  return found;
}

/** Of a process of this machine that is gone, or of any that has not written for long. */
async function isAbandoned(candidate: string, mark: string): Promise<boolean> {
  const [, pid, host] = /^(\d+)@(.*)\.[0-9a-f]{8}\.part$/.exec(mark) ?? [];
  if (pid === undefined) return false;
  if (host === hostname() && !isAlive(Number(pid))) return true;
  const written = await stat(path.join(candidate, 'bytes')).catch(() => undefined);
  const { mtimeMs } = written ?? (await stat(candidate).catch(() => ({ mtimeMs: Date.now() })));
  return Date.now() - mtimeMs > ABANDONED_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
