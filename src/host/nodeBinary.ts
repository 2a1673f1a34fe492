import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Failure } from '../core/failure';
import { t } from '../l10n/translate';

/** A Node that does not answer by then is none. */
const ASK_MS = 10_000;
/** The oldest that the trainer runs on. */
const OLDEST = [20, 15] as const;

const ASK =
  'const { node, electron = "" } = process.versions; console.log([node, process.platform, process.arch, electron].join(" "))';

interface Host {
  readonly platform: string;
  readonly arch: string;
  readonly electron: string | undefined;
}

const HERE: Host = {
  platform: process.platform,
  arch: process.arch,
  electron: process.versions.electron,
};

/**
 * The Node that trainers are started with: the one that is named; inside Electron, where WebGPU cannot run, the one on
 * the PATH where it will do; else, as nothing, this process's own.
 *
 * @param named the setting `modelSurgery.nodePath`, empty where there is none
 * @throws Failure of kind `usage` (`NODE_UNUSABLE`) for a named one that will not do
 */
export async function findNode(named: string, host: Host = HERE): Promise<string | undefined> {
  if (named !== '') {
    const found = await lookAt(named, host);
    if (found === 'usable') return named;
    throw new Failure(
      'usage',
      'NODE_UNUSABLE',
      t(
        'modelSurgery.nodePath: {0}: {1}, expected Node {2} or later for {3} {4}; name another, or none',
        named,
        found,
        OLDEST.join('.'),
        host.platform,
        host.arch,
      ),
      { path: named },
    );
  }
  if (host.electron === undefined) return undefined;
  return (await lookAt('node', host)) === 'usable' ? 'node' : undefined;
}

/** `usable`, or what was found instead. */
async function lookAt(program: string, { platform, arch }: Host): Promise<string> {
  const answer = await promisify(execFile)(program, ['-e', ASK], {
    timeout: ASK_MS,
    windowsHide: true,
  }).catch((error: NodeJS.ErrnoException) => error);
  if (answer instanceof Error) {
    return answer.code === 'ENOENT'
      ? t('found nothing')
      : t('it cannot be run, or does not answer as Node does');
  }
  const [version = '', itsPlatform, itsArch, electron] = answer.stdout.trim().split(' ');
  const numbers = /^(\d+)\.(\d+)\./.exec(version);
  if (!numbers) return t('it does not answer as Node does');
  if (electron) return t('found the Node inside Electron {0}', electron);
  const [major, minor] = [Number(numbers[1]), Number(numbers[2])];
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) return t('found Node {0}', version);
  // Native parts of the extension are of one system and processor.
  if (itsPlatform !== platform || itsArch !== arch) return t('found Node for {0} {1}', itsPlatform, itsArch);
  return 'usable';
}
