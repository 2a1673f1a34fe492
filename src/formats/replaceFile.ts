import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { lstat, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../core/failure';
import { t } from '../l10n/translate';

/**
 * Writes a file or a folder under a name beside its own and gives it its name when it is whole, so that `target` is at
 * any moment absent, what it was, or complete. Folders on the way are made.
 * @param write makes what is at the temporary path; when it fails, nothing is left there
 * @throws Failure `FILE_WRITE` for what the operating system refuses, and what `write` throws
 */
export async function replaceWhole(
  target: string,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  const absolute = path.resolve(target);
  const mark = randomBytes(6).toString('hex');
  const temporary = path.join(path.dirname(absolute), `.${path.basename(absolute)}.${mark}${PART}`);
  const writing = { target: absolute, temporary, aside: `${temporary}${ASIDE}` };
  try {
    await mkdir(path.dirname(absolute), { recursive: true });
    underWay.add(writing);
    try {
      // Libraries that write files say "unable to open" where the system knows why.
      await writeFile(temporary, '');
      await rm(temporary);
      await write(temporary);
      await moveInto(writing);
      await removeAbandoned(absolute);
    } finally {
      await rm(temporary, { recursive: true, force: true });
      underWay.delete(writing);
    }
  } catch (cause) {
    throw isSystemError(cause) ? refusedBySystem(target, cause) : cause;
  }
}

interface Writing {
  readonly target: string;
  readonly temporary: string;
  /** Where a folder that is replaced steps to. */
  readonly aside: string;
}

const PART = '.part';
const ASIDE = '.old';
/** A mark, and what writers add for what they keep beside. */
const HIDDEN = /^[0-9a-f]{12}\.part(\.\w+)?$/;
/** Whoever still writes has written within it. */
const ABANDONED_MS = 3_600_000;

const underWay = new Set<Writing>();

/**
 * Clears away what is being written, at once: for a process that is about to end by a signal. A folder that had stepped
 * aside is put back.
 */
export function abandonWriting(): void {
  for (const { target, temporary, aside } of underWay) {
    try {
      if (existsSync(aside) && !existsSync(target)) renameSync(aside, target);
      const [folder, hidden] = [path.dirname(temporary), path.basename(temporary)];
      for (const name of readdirSync(folder)) {
        if (name.startsWith(hidden)) rmSync(path.join(folder, name), { recursive: true, force: true });
      }
    } catch {
      // Windows removes nothing that is open: it stays, under its hidden name.
    }
  }
  underWay.clear();
}

/** What a kill left of earlier writing to the same place, now that there is something whole. */
async function removeAbandoned(target: string): Promise<void> {
  const folder = path.dirname(target);
  const start = `.${path.basename(target)}.`;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(start) || !HIDDEN.test(name.slice(start.length))) continue;
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (!found || Date.now() - found.mtimeMs < ABANDONED_MS) continue;
    await rm(file, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** What people can do something about, in their words; the rest in the system's. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: t('there is no permission to write in its folder; choose another one'),
  EPERM: t('there is no permission to write in its folder; choose another one'),
  EROFS: t('its disk can only be read; choose another one'),
  ENOSPC: t('its disk is full; make room, or choose another one'),
  EDQUOT: t('its disk is full; make room, or choose another one'),
  EFBIG: t(
    'its file would be larger than the system lets files be; raise that limit, or choose another disk',
  ),
  EEXIST: t('a part of its path is a file, not a folder; choose another one'),
  ENOTDIR: t('a part of its path is a file, not a folder; choose another one'),
};

function isSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'syscall' in cause;
}

function refusedBySystem(target: string, cause: NodeJS.ErrnoException): Failure {
  const reason = REASONS[cause.code ?? ''] ?? cause.message;
  return new Failure('work', 'FILE_WRITE', t('{0}: cannot be written: {1}', target, reason), {
    path: target,
    cause,
  });
}

/** A folder that is there cannot be renamed over: it steps aside first, and back if the move fails. */
async function moveInto({ target, temporary, aside }: Writing): Promise<void> {
  const present = await lstat(target).catch(() => undefined);
  if (!present?.isDirectory()) return rename(temporary, target);
  await rename(target, aside);
  try {
    await rename(temporary, target);
  } catch (cause) {
    await rename(aside, target);
    throw cause;
  }
  await rm(aside, { recursive: true, force: true });
}

/** @throws Failure `FILE_EXISTS` unless forced or free */
export async function refuseOverwrite(target: string, force: boolean): Promise<void> {
  if (force) return;
  const present = await lstat(target).catch(() => undefined);
  if (!present) return;
  throw new Failure(
    'usage',
    'FILE_EXISTS',
    t('{0}: is there already and would be overwritten; choose another name, or say --force', target),
    { path: target },
  );
}
