import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../../core/failure';
import { installBeside, type Installed, type Installing } from '../installBeside';
import { buildAddon, findCompiler, HEADERS_PACKAGE, HEADERS_VERSION } from './buildAddon';
import { ADDON_PACKAGE, ADDON_VERSION, INSTALLATION_FILE, installationSchema } from './installation';
import { activePython, findPythonLibrary, type PythonLibrary } from './pythonLibrary';
import { runTool, type ToolRun } from './runTool';
import { requireStockLibrary, stockAddress } from './stockLibrary';
import { t } from '../../../l10n/translate';

/**
 * Installs the engine: fetches the npm package, then builds its addon against a Python's TensorFlow, or lets the
 * package's own script download one.
 *
 * @param python a Python or its environment; the active environment's where left out, and without one the download
 * @throws Failure, which says what lacks; the signal's reason once aborted
 */
export async function installTensorflow(
  python: string | undefined,
  { tell, signal }: Installing,
): Promise<Installed> {
  requireSystem();
  const make = async (folder: string) => {
    const run: ToolRun = { cwd: folder, signal };
    const chosen = python ?? (await activePython());
    // Asked first, so that what lacks is told at once.
    const library = chosen === undefined ? undefined : await findPythonLibrary(chosen, run);
    const compiler = library && (await findCompiler(run));
    if (library) tell(t('found the TensorFlow of {0}', library.python));
    else await requireStockLibrary(stockAddress(), signal);
    tell(t('fetching {0} {1} from npm', ADDON_PACKAGE, ADDON_VERSION));
    await fetchPackages(run);
    if (library && compiler) {
      tell(t('compiling its addon'));
      await buildAddon(folder, library, compiler, run);
    } else {
      tell(t('downloading the TensorFlow that it comes with, some hundred megabytes'));
      await downloadLibrary(folder, run);
    }
    await describe(folder, library);
  };
  return installBeside('tensorflow', make, { tell, signal });
}

function requireSystem(): void {
  if (process.platform === 'linux') return;
  throw new Failure(
    'work',
    'ENGINE_SYSTEM',
    t('engine tensorflow is for Linux (here is {0}); on Windows install it inside WSL 2', process.platform),
  );
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
    throw new Failure('work', 'ENGINE_DOWNLOAD', t('{0}; npm comes with Node: install it', error.message));
  });
  if (status !== 0) {
    const words = `${stderr}\n${stdout}`.split('\n').filter((line) => /^npm (error|ERR!)/.test(line));
    const reason =
      words.find((line) => !/code/.test(line)) ?? words[0] ?? t('it ended with status {0}', status);
    throw new Failure('work', 'ENGINE_DOWNLOAD', t('npm could not fetch {0}: {1}', packages[0], reason));
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
    t(
      "the download of TensorFlow failed: {0}; with --tensorflow PYTHON a Python's is used instead",
      reason.trim(),
    ),
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
