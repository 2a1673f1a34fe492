import { lstat, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../core/failure';
import { t } from '../l10n/translate';

/** As many as Linux follows before it takes links for a loop. */
const MOST_LINKS = 40;

/**
 * Where a path leads once all symbolic links are followed, also where nothing is there yet: a link that dangles is followed to
 * where it points.
 *
 * @param file absolute
 * @throws Failure `PATH_UNRESOLVABLE` where links go round in a loop, a name is too long, or a folder is closed to us
 */
export async function realPlace(file: string): Promise<string> {
  let links = 0;
  const follow = async (current: string): Promise<string> => {
    const found = await realpath(current).catch((error: unknown) => {
      if (!isNothing(error)) throw unresolvable(file, error);
      return undefined;
    });
    if (found !== undefined) return found;
    const target = await targetOf(current);
    if (target !== undefined) {
      if (++links > MOST_LINKS) throw unresolvable(file, undefined);
      return follow(path.resolve(path.dirname(current), target));
    }
    const folder = path.dirname(current);
    // The root itself is always there; a drive or a share of Windows may not be.
    return folder === current ? current : path.join(await follow(folder), path.basename(current));
  };
  return follow(file);
}

/** Whether a path is a folder's own or lies in it; both as `realPlace` gives them. */
export function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/**
 * Whether a path names another machine, as `\\server\share` does on Windows. Merely looking at one signs in there, with the
 * reader's name and password as Windows keeps them.
 */
export function namesServer(file: string, platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'win32' && /^[\\/]{2}/.test(file);
}

async function targetOf(link: string): Promise<string | undefined> {
  const found = await lstat(link).catch(() => undefined);
  return found?.isSymbolicLink() ? readlink(link) : undefined;
}

function isNothing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function unresolvable(file: string, cause: unknown): Failure {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'ELOOP';
  const why = {
    ELOOP: t('its symbolic links go round in a loop'),
    ENAMETOOLONG: t('a name in it is too long'),
  }[code];
  return new Failure(
    'input',
    'PATH_UNRESOLVABLE',
    t(
      '{0}: it cannot be told where this path leads: {1}; expected a path to a file or folder',
      shorten(file),
      why ?? code,
    ),
    { path: file, cause },
  );
}

/** People read the ends of a path; a message of thousands of characters nobody reads. */
const LONGEST_SHOWN = 400;

function shorten(file: string): string {
  return file.length <= LONGEST_SHOWN
    ? file
    : `${file.slice(0, LONGEST_SHOWN / 2)}…${file.slice(-LONGEST_SHOWN / 2)}`;
}
