/**
 * Sets up what a fresh clone lacks, and only that. Without arguments: the npm packages and `dist/`, all that the
 * command line needs. `--testbed` adds a real VS Code, `--chromium` a browser, `--python` a Keras to compare with.
 *
 *   node scripts/setup.mjs [--testbed] [--chromium] [--python]
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { targetHere } from './packaging/targets.mjs';
import { cache, execute, fingerprintOf, root, SetupError, step } from './steps.mjs';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Pinned: the versions the tests were written against. */
const CODE_SERVER = '4.139.1';
const NODE_FOR_CODE_SERVER = '24.21.0';
const PYTHON_PACKAGES = [
  ...['tensorflow-cpu==2.21.0', 'tensorboard==2.21.0', 'keras==3.15.1', 'h5py', 'pillow'],
  ...['torch', 'torchvision', 'safetensors', 'onnx==1.23.1', 'onnxscript==0.7.2', 'onnxruntime==1.30.0'],
];

const testbedFolder = path.join(cache, 'testbed');

/** Where the pieces of the real VS Code are, once set up. */
export const testbed = {
  node: path.join(testbedFolder, `node_modules/node-${process.platform}-${process.arch}/bin/node`),
  entry: path.join(testbedFolder, 'node_modules/code-server/out/node/entry.js'),
  vsix: path.join(cache, 'model-surgery.vsix'),
};

export async function setUpPackages() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 15)) {
    throw new SetupError(`Node ${process.versions.node} is too old: install Node 20.15 or later`);
  }
  await step('npm packages', {
    made: [path.join(root, 'node_modules/esbuild/package.json')],
    inputs: [readFileSync(path.join(root, 'package-lock.json'), 'utf8')],
    run: () => execute(npm, ['ci', '--no-audit', '--no-fund']),
  });
}

export async function setUpBuild() {
  await step('build', {
    made: ['extension.js', 'cli.js', 'trainer.js', 'webview/editor.js'].map((file) =>
      path.join(root, 'dist', file),
    ),
    inputs: [
      fingerprintOf(
        ...['src', 'webview', 'esbuild.mjs', 'scripts/commonJsNames.mjs', 'scripts/packaging'],
        'package-lock.json',
      ),
    ],
    run: () => execute(process.execPath, ['esbuild.mjs']),
  });
}

export async function setUpTestbed() {
  const nodePackage = `node-${process.platform}-${process.arch}`;
  await step('a real VS Code', {
    made: [testbed.node, testbed.entry],
    inputs: [CODE_SERVER, NODE_FOR_CODE_SERVER],
    run: async () => {
      rmSync(testbedFolder, { recursive: true, force: true });
      mkdirSync(testbedFolder, { recursive: true });
      writeFileSync(path.join(testbedFolder, 'package.json'), '{ "private": true }\n');
      const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];
      await execute(
        npm,
        [
          'install',
          '--no-save',
          ...quiet,
          `code-server@${CODE_SERVER}`,
          `${nodePackage}@${NODE_FOR_CODE_SERVER}`,
        ],
        { cwd: testbedFolder },
      );
      const env = { ...process.env, PATH: `${path.dirname(testbed.node)}${delimiter}${process.env.PATH}` };
      await execute(npm, ['install', '--omit=dev', ...quiet], {
        cwd: path.join(testbedFolder, 'node_modules/code-server/lib/vscode'),
        env,
      });
    },
  });
  await step('extension package', {
    made: [testbed.vsix],
    inputs: [
      fingerprintOf(
        ...['src', 'webview', 'esbuild.mjs', 'scripts/package.mjs', 'scripts/packaging', 'package-lock.json'],
        ...['package.json', 'package.nls.json', 'package.nls.ko.json', 'l10n', 'media', '.vscodeignore'],
        ...['README.md', 'CHANGELOG.md', 'SECURITY.md', 'LICENSE'],
      ),
    ],
    run: () => execute(process.execPath, ['scripts/package.mjs', '--out', testbed.vsix, targetHere()]),
  });
}

const CHROMIUM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

export function chromiumPath() {
  return [process.env.CHROME_PATH, ...CHROMIUM_PATHS].find((file) => file && existsSync(file));
}

export async function setUpChromium() {
  if (chromiumPath()) return;
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await step('Chromium', {
      made: ['/usr/bin/chromium'],
      inputs: ['chromium'],
      run: async () => {
        await execute('apt-get', ['update']);
        await execute(
          'apt-get',
          ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'],
          {
            env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
          },
        );
      },
    });
    return;
  }
  throw new SetupError(
    'no Chromium found: install it ("apt-get install chromium" on Debian) or set CHROME_PATH to a Chrome or Chromium',
  );
}

/** A virtual environment with real Keras, for the tests that compare with it. */
export async function setUpPython() {
  if (process.env.MODEL_SURGERY_PYTHON) return;
  const environment = path.join(cache, 'python');
  const python = path.join(environment, 'bin/python');
  await step('Keras to compare with', {
    made: [python],
    inputs: PYTHON_PACKAGES,
    run: async () => {
      await execute('python3', ['-m', 'venv', '--clear', environment]);
      await execute(python, ['-m', 'pip', 'install', '--quiet', ...PYTHON_PACKAGES], {
        env: { ...process.env, PIP_RETRIES: process.env.PIP_RETRIES ?? '0' },
      });
    },
  });
}

/** Runs a script's `main`; a set-up that fails is one line on stderr and exit status 1. */
export async function runScript(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`error SETUP: ${error.message}\n`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(async () => {
    const wanted = new Set(process.argv.slice(2));
    await setUpPackages();
    await setUpBuild();
    if (wanted.has('--chromium')) await setUpChromium();
    if (wanted.has('--testbed')) await setUpTestbed();
    if (wanted.has('--python')) await setUpPython();
  });
}
