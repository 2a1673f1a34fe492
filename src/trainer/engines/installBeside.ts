import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { EngineName } from '../../core/plan/plan';
import type { EngineFound } from '../../protocol/engines';
import { enginesFolder } from './enginesFolder';
import { probeInChild } from './probe/inChild';
import { t } from '../../l10n/translate';

/** Folders of installations under way, beside the one they become. */
const PARTIAL = 'partial-';
/** No installation takes that long: a folder as old is one of a process that was killed. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

export interface Installed {
  readonly engine: EngineFound;
  readonly folder: string;
}

export interface Installing {
  /** What is being done, for people. */
  readonly tell: (progress: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Installs an engine: it is made in a folder beside, probed there, and put in its place by a rename; what was there
 * before stays until then, and for good where this fails.
 *
 * @throws whatever `make` and the probe throw; the signal's reason once aborted
 */
export async function installBeside(
  name: EngineName,
  make: (folder: string) => Promise<void>,
  { tell, signal }: Installing,
): Promise<Installed> {
  const parent = enginesFolder();
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const folder = await mkdtemp(path.join(parent, PARTIAL));
  try {
    await make(folder);
    tell(t('probing the engine'));
    const engine = await probeInChild(name, folder, signal);
    const place = path.join(parent, name);
    await replaceFolder(place, folder, path.join(parent, `${path.basename(folder)}-before`));
    return { engine, folder: place };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(PARTIAL)) continue;
    const folder = path.join(parent, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > ABANDONED_MS) await rm(folder, { recursive: true, force: true });
  }
}

/** Puts a folder in the place of another; the old one goes last, and comes back where the new one cannot be put there. */
async function replaceFolder(place: string, folder: string, aside: string): Promise<void> {
  const there = (await readdir(path.dirname(place))).includes(path.basename(place));
  if (there) await rename(place, aside);
  try {
    await rename(folder, place);
  } catch (error) {
    if (there) await rename(aside, place);
    throw error;
  }
  if (there) await rm(aside, { recursive: true, force: true });
}
