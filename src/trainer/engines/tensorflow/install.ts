import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../../core/failure';
import type { EngineFound } from '../../../protocol/engines';
import { enginesFolder } from '../enginesFolder';
import { probeInChild } from '../probe/inChild';
import { buildAddon, findCompiler, HEADERS_PACKAGE, HEADERS_VERSION } from './buildAddon';
import {
  ADDON_PACKAGE,
  ADDON_VERSION,
  INSTALLATION_FILE,
  installationSchema,
  tensorflowFolder,
} from './installation';
import { activePython, findPythonLibrary, type PythonLibrary } from './pythonLibrary';
import { runTool, type ToolRun } from './runTool';

/** Folders of installations under way, beside the one they become. */
const PARTIAL = 'partial-';
/** No installation takes that long: a folder as old is one of a process that was killed. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

export interface Installed {
  readonly engine: EngineFound;
  readonly folder: string;
}

/**
 * Installs the engine: fetches the npm package, then builds its addon against a Python's TensorFlow, or lets the
 * package's own script download one. It is built beside, probed there, and put in its place by a rename; what was there
 * before stays until then, and for good where this fails.
 *
 * @param python a Python or its environment; the active environment's where left out, and without one the download
 * @throws Failure, which says what lacks; the signal's reason once aborted
 */
export async function installTensorflow(
  python: string | undefined,
  tell: (progress: string) => void,
  signal: AbortSignal,
): Promise<Installed> {
  requireSystem();
  const parent = enginesFolder();
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const folder = await mkdtemp(path.join(parent, PARTIAL));
  const run: ToolRun = { cwd: folder, signal };
  try {
    const chosen = python ?? (await activePython());
    // Asked first, so that what lacks is told at once.
    const library = chosen === undefined ? undefined : await findPythonLibrary(chosen, run);
    const compiler = library && (await findCompiler(run));
    if (library) tell(`found the TensorFlow of ${library.python}`);
    tell(`fetching ${ADDON_PACKAGE} ${ADDON_VERSION} from npm`);
    await fetchPackages(run);
    if (library && compiler) {
      tell('compiling its addon');
      await buildAddon(folder, library, compiler, run);
    } else {
      tell('downloading the TensorFlow that it comes with, some hundred megabytes');
      await downloadLibrary(folder, run);
    }
    await describe(folder, library);
    tell('probing the engine');
    const engine = await probeInChild('tensorflow', folder, signal);
    const place = tensorflowFolder();
    await replaceFolder(place, folder, path.join(parent, `${path.basename(folder)}-before`));
    return { engine, folder: place };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function requireSystem(): void {
  if (process.platform === 'linux') return;
  throw new Failure(
    'work',
    'ENGINE_SYSTEM',
    `engine tensorflow is for Linux (here is ${process.platform}); on Windows install it inside WSL 2`,
  );
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(PARTIAL)) continue;
    const folder = path.join(parent, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > ABANDONED_MS) await rm(folder, { recursive: true, force: true });
  }
}

async function fetchPackages(run: ToolRun): Promise<void> {
  const packages = [`${ADDON_PACKAGE}@${ADDON_VERSION}`, `${HEADERS_PACKAGE}@${HEADERS_VERSION}`];
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--no-progress', '--loglevel=error'];
  const { status, stdout, stderr } = await runTool(
    'npm',
    ['install', '--ignore-scripts', ...quiet, '--prefix', run.cwd, ...packages],
    run,
  ).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    throw new Failure('work', 'ENGINE_DOWNLOAD', `${error.message}; npm comes with Node: install it`);
  });
  if (status !== 0) {
    const words = `${stderr}\n${stdout}`.split('\n').filter((line) => /^npm (error|ERR!)/.test(line));
    const reason = words.find((line) => !/code/.test(line)) ?? words[0] ?? `it ended with status ${status}`;
    throw new Failure('work', 'ENGINE_DOWNLOAD', `npm could not fetch ${packages[0]}: ${reason}`);
  }
}

async function downloadLibrary(folder: string, run: ToolRun): Promise<void> {
  const { status, stdout, stderr } = await runTool(
    process.execPath,
    ['scripts/install.js', 'gpu', 'download'],
    {
      ...run,
      cwd: path.join(folder, 'node_modules', ADDON_PACKAGE),
      // The script calls node-pre-gyp by its name.
      environment: {
        PATH: `${path.join(folder, 'node_modules/.bin')}${path.delimiter}${process.env.PATH ?? ''}`,
      },
    },
  );
  if (status === 0) return;
  const lines = `${stdout}\n${stderr}`.trim().split('\n');
  // A script of Node that dies says its line of source first.
  const reason = lines.find((line) => /^\w*Error: /.test(line.trim())) ?? lines.at(-1) ?? '';
  throw new Failure(
    'work',
    'ENGINE_DOWNLOAD',
    `the download of TensorFlow failed: ${reason.trim()}; with --tensorflow PYTHON a Python's is used instead`,
  );
}

async function describe(folder: string, library: PythonLibrary | undefined): Promise<void> {
  const libraries = library?.libraries ?? path.join('node_modules', ADDON_PACKAGE, 'deps', 'lib');
  const installation = installationSchema.parse({
    version: 1,
    source: library ? 'python' : 'download',
    libraries,
    library: library?.core ?? path.join(libraries, 'libtensorflow.so.2'),
  });
  await writeFile(path.join(folder, INSTALLATION_FILE), JSON.stringify(installation));
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
