import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { Failure } from '../../../core/failure';
import { runTool, type ToolRun } from './runTool';
import { t } from '../../../l10n/translate';

/** The TensorFlow of a Python environment, as far as an addon needs it. */
export interface PythonLibrary {
  readonly python: string;
  readonly include: string;
  /** The folder of the shared libraries. */
  readonly libraries: string;
  /** Absolute paths. */
  readonly core: string;
  readonly framework: string;
}

const CORE = 'libtensorflow_cc.so.2';
const FRAMEWORK = 'libtensorflow_framework.so.2';
/** A header that the addon needs and that not every package of TensorFlow has. */
const HEADER = path.join('tensorflow', 'c', 'eager', 'c_api.h');

/** Finds the package without importing it, which would take seconds and may need a card. */
const ASK = `
import importlib.util, json, sys
spec = importlib.util.find_spec("tensorflow")
folders = list(spec.submodule_search_locations or []) if spec else []
print(json.dumps({"version": sys.version.split()[0], "prefix": sys.prefix, "folders": folders}))
`;

const answerSchema = z.object({ version: z.string(), prefix: z.string(), folders: z.array(z.string()) });

/**
 * The Python of an active environment (`venv`, conda), if there is one.
 */
export async function activePython(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | undefined> {
  for (const folder of [environment.VIRTUAL_ENV, environment.CONDA_PREFIX]) {
    const python = folder && (await pythonIn(folder));
    if (python) return python;
  }
  return undefined;
}

/**
 * @param given a Python, or the folder of its environment
 * @throws Failure of kind `input` (`PYTHON_MISSING`, `TENSORFLOW_MISSING`) that says what is not there
 */
export async function findPythonLibrary(given: string, run: ToolRun): Promise<PythonLibrary> {
  const python = await pythonAt(given);
  // In a folder of our own, since Python looks for packages where it is started.
  const { status, stdout, stderr } = await runTool(python, ['-c', ASK], run);
  if (status !== 0) {
    const words = stderr.trim().split('\n').at(-1) ?? '';
    throw missing(
      'PYTHON_MISSING',
      python,
      t('it ended with status {0}: {1}; expected a Python 3', status, words),
    );
  }
  const { version, prefix, folders } = readAnswer(python, stdout);
  const folder = folders[0];
  if (folder === undefined) {
    const found = t(
      'found Python {0} without TensorFlow; run {1} -m pip install tensorflow',
      version,
      python,
    );
    throw missing('TENSORFLOW_MISSING', python, found);
  }
  const include = path.join(folder, 'include');
  if (!(await exists(path.join(include, HEADER)))) {
    throw missing(
      'TENSORFLOW_MISSING',
      python,
      t('found TensorFlow without its header {0}', path.join(include, HEADER)),
    );
  }
  // conda keeps the libraries of all packages together.
  for (const libraries of [folder, path.join(prefix, 'lib')]) {
    const [core, framework] = [path.join(libraries, CORE), path.join(libraries, FRAMEWORK)];
    if ((await exists(core)) && (await exists(framework)))
      return { python, include, libraries, core, framework };
  }
  throw missing('TENSORFLOW_MISSING', python, t('found TensorFlow without {0} in {1}', CORE, folder));
}

async function pythonAt(given: string): Promise<string> {
  const found = await stat(given).catch(() => undefined);
  if (found?.isFile()) return given;
  if (!found)
    throw missing('PYTHON_MISSING', given, t('found nothing, expected a Python or its environment'));
  const python = await pythonIn(given);
  if (python) return python;
  throw missing(
    'PYTHON_MISSING',
    given,
    t('found a folder without bin/python, expected an environment of Python'),
  );
}

async function pythonIn(folder: string): Promise<string | undefined> {
  for (const name of ['bin/python', 'bin/python3']) {
    const python = path.join(folder, name);
    if (await exists(python)) return python;
  }
  return undefined;
}

function readAnswer(python: string, text: string): z.infer<typeof answerSchema> {
  try {
    return answerSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw missing(
      'PYTHON_MISSING',
      python,
      t('it does not answer as Python does, expected a Python 3'),
      cause,
    );
  }
}

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

function missing(code: string, where: string, what: string, cause?: unknown): Failure {
  return new Failure('input', code, `${where}: ${what}`, { path: where, cause });
}
