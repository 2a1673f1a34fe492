import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../../core/failure';
import { ADDON_FILE, ADDON_PACKAGE } from './installation';
import type { PythonLibrary } from './pythonLibrary';
import { runTool, type ToolRun } from './runTool';
import { t } from '../../../l10n/translate';

/** The interface of Node that the addon speaks, which every Node since 12 has; these headers are of no one Node. */
export const HEADERS_PACKAGE = 'node-api-headers';
export const HEADERS_VERSION = '1.9.0';

/** As the system calls a C++ compiler, then by makers. */
const COMPILERS = ['c++', 'g++', 'clang++'] as const;

/**
 * Compiles the addon of the package in `folder` against a Python environment's TensorFlow. It finds the libraries by
 * their own folder, from where TensorFlow finds the CUDA of that environment.
 *
 * @throws Failure of kind `work` (`ENGINE_BUILD`) that names the header that lacks, else the first error
 */
export async function buildAddon(
  folder: string,
  library: PythonLibrary,
  compiler: string,
  run: ToolRun,
): Promise<void> {
  const addon = path.join(folder, ADDON_FILE);
  const source = path.join(folder, 'node_modules', ADDON_PACKAGE);
  await mkdir(path.dirname(addon), { recursive: true });
  const { status, stderr } = await runTool(
    compiler,
    [
      ...['-shared', '-fPIC', '-O2', '-std=c++17', '-DNAPI_VERSION=8'],
      ...[path.join(folder, 'node_modules', HEADERS_PACKAGE, 'include'), library.include, source].flatMap(
        (include) => ['-I', include],
      ),
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => path.join(source, 'binding', file)),
      ...['-o', addon, library.core, library.framework],
      `-Wl,-rpath,${library.libraries}`,
    ],
    // Its messages are read for the word "error".
    { ...run, environment: { LC_ALL: 'C' } },
  );
  if (status !== 0)
    throw new Failure('work', 'ENGINE_BUILD', t('{0} failed: {1}', compiler, complaintOf(stderr)));
}

/** @throws Failure of kind `work` (`COMPILER_MISSING`) */
export async function findCompiler(run: ToolRun): Promise<string> {
  const { CXX } = process.env;
  const candidates = CXX ? [CXX] : COMPILERS;
  for (const compiler of candidates) {
    const answer = await runTool(compiler, ['--version'], run).catch((error: unknown) => {
      if (error instanceof Failure && error.code === 'TOOL_MISSING') return undefined;
      throw error;
    });
    if (answer?.status === 0) return compiler;
  }
  throw new Failure(
    'work',
    'COMPILER_MISSING',
    t(
      'found no C++ compiler ({0}), expected one to build the engine with; install one, as with apt-get install g++, or name it in CXX',
      candidates.join(', '),
    ),
  );
}

/** What a compiler's output comes down to: the header that is not there, else its first error. */
export function complaintOf(stderr: string): string {
  const header = /fatal error: '?([^':\n]+)'?(?:: No such file or directory| file not found)/.exec(
    stderr,
  )?.[1];
  if (header) return t('the header {0} is missing', header);
  const lines = stderr.trim().split('\n');
  return (lines.find((line) => /\berror\b/i.test(line)) ?? lines.at(-1) ?? '').trim();
}
