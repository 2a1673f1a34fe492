/**
 * Names that no model needs and an attack does. Nothing that a pickle names is ever run here; these refuse the whole
 * file, so that people learn what they were given.
 */

/** Modules that reach the system, wherever in the dotted name they stand (`torch.os.system`). */
const SYSTEM_MODULES: ReadonlySet<string> = new Set(['os', 'posix', 'nt', 'subprocess', 'shutil', 'socket']);

/** Modules that do so where they stand first. */
const FIRST_MODULES: ReadonlySet<string> = new Set([
  ...[
    'sys',
    'runpy',
    'importlib',
    'imp',
    'pty',
    'commands',
    'popen2',
    'ctypes',
    'webbrowser',
    'code',
    'codeop',
  ],
  ...[
    'pdb',
    'bdb',
    'timeit',
    'trace',
    'cProfile',
    'profile',
    'doctest',
    'asyncio',
    'multiprocessing',
    'threading',
  ],
  ...['signal', 'platform', 'tempfile', 'marshal', 'pickle', '_pickle', 'cPickle', 'dill', 'cloudpickle'],
  ...[
    'urllib',
    'urllib2',
    'http',
    'httplib',
    'requests',
    'ftplib',
    'smtplib',
    'telnetlib',
    'pip',
    'ensurepip',
  ],
  ...['distutils', 'setuptools', 'pydoc', 'types', 'site', 'gc', 'inspect', 'ast'],
]);

/** Python's own functions that make or run code, or reach files. */
const BUILTINS: ReadonlySet<string> = new Set([
  ...[
    'eval',
    'exec',
    'execfile',
    'compile',
    'open',
    'file',
    'input',
    'raw_input',
    '__import__',
    'globals',
    'locals',
  ],
  ...[
    'vars',
    'dir',
    'delattr',
    'setattr',
    'map',
    'filter',
    'apply',
    'reduce',
    'breakpoint',
    'exit',
    'quit',
    'help',
  ],
  ...['memoryview', 'reload', '__build_class__', 'print'],
]);

export function isForbidden(path: string): boolean {
  const segments = path.split('.');
  const [first] = segments;
  if (segments.some((segment) => SYSTEM_MODULES.has(segment))) return true;
  if (first === 'builtins' || first === '__builtin__' || first === '__builtins__') {
    return segments.slice(1).some((segment) => BUILTINS.has(segment));
  }
  return segments.length > 1 && FIRST_MODULES.has(first!);
}
