import { randomBytes } from 'node:crypto';
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../core/failure';

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
  const temporary = path.join(path.dirname(absolute), `.${path.basename(absolute)}.${mark}.part`);
  try {
    await mkdir(path.dirname(absolute), { recursive: true });
    try {
      // Libraries that write files say "unable to open" where the system knows why.
      await writeFile(temporary, '');
      await rm(temporary);
      await write(temporary);
      await moveInto(temporary, absolute, `${temporary}.old`);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } catch (cause) {
    throw isSystemError(cause) ? refusedBySystem(target, cause) : cause;
  }
}

/** What people can do something about, in their words; the rest in the system's. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'there is no permission to write in its folder; choose another one',
  EPERM: 'there is no permission to write in its folder; choose another one',
  EROFS: 'its disk can only be read; choose another one',
  ENOSPC: 'its disk is full; make room, or choose another one',
  EDQUOT: 'its disk is full; make room, or choose another one',
  ENOTDIR: 'a part of its path is a file, not a folder; choose another one',
};

function isSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'syscall' in cause;
}

function refusedBySystem(target: string, cause: NodeJS.ErrnoException): Failure {
  const reason = REASONS[cause.code ?? ''] ?? cause.message;
  return new Failure('work', 'FILE_WRITE', `${target}: cannot be written: ${reason}`, {
    path: target,
    cause,
  });
}

/** A folder that is there cannot be renamed over: it steps aside first, and back if the move fails. */
async function moveInto(source: string, target: string, aside: string): Promise<void> {
  const present = await lstat(target).catch(() => undefined);
  if (!present?.isDirectory()) return rename(source, target);
  await rename(target, aside);
  try {
    await rename(source, target);
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
    `${target}: is there already and would be overwritten; choose another name, or say --force`,
    { path: target },
  );
}
