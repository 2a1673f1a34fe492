import globals from 'globals';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/**
 * The import rules of the house: a folder, what it must not import, and what to do instead. Each row is a
 * regular expression over the import's text; the message is what the author of a bad import reads.
 */
const NODE = '^node:|^(fs|path|os|child_process|worker_threads|crypto|stream|url|util|net|http|https)(/|$)';
const TFJS = '^@tensorflow/';
const VSCODE = '^vscode$';
/** The words are for all; which language a process speaks is its own matter. */
const LANGUAGE = '(^|/)l10n/processLanguage$';
const folder = (...names) => `(^|/)(${names.join('|')})(/|$)`;

const rules = [
  {
    files: ['src/core/**'],
    forbid: [
      [NODE, 'core is pure: take bytes or values as arguments; files are read in src/formats or src/data.'],
      [VSCODE, 'core knows nothing of VS Code: put it in src/host.'],
      [TFJS, 'core computes shapes, not tensors: put it in src/trainer.'],
      [
        LANGUAGE,
        'this reads files: the host says in which language a page is, and Node’s entries in which their process.',
      ],
      [
        folder('formats', 'zoo', 'data', 'protocol', 'trainer', 'runs', 'host', 'cli', 'webview'),
        'core imports nothing outside itself: move the shared part into core, or the code out of it.',
      ],
    ],
  },
  {
    files: ['src/protocol/**'],
    forbid: [
      [NODE, 'protocol is messages only, read by webviews too: put the transport at the end that owns it.'],
      [VSCODE, 'protocol knows nothing of VS Code: put it in src/host.'],
      [TFJS, 'protocol carries plain values: put tensors in src/trainer.'],
      [
        LANGUAGE,
        'this reads files: the host says in which language a page is, and Node’s entries in which their process.',
      ],
      [
        folder('formats', 'zoo', 'data', 'trainer', 'runs', 'host', 'cli', 'webview'),
        'protocol imports core alone: move the shared type into core.',
      ],
    ],
  },
  {
    files: ['src/formats/**', 'src/zoo/**', 'src/data/**', 'src/runs/**'],
    forbid: [
      [VSCODE, 'this runs outside VS Code too: put it in src/host.'],
      [TFJS, 'only src/trainer computes with tensors: return typed arrays.'],
      [
        folder('protocol', 'trainer', 'host', 'cli', 'webview'),
        'formats, zoo, data and runs import core alone: move the shared part into core.',
      ],
    ],
  },
  {
    files: ['src/download/**'],
    forbid: [
      [VSCODE, 'this runs outside VS Code too: take its settings as arguments.'],
      [
        folder('formats', 'zoo', 'data', 'runs', 'protocol', 'trainer', 'host', 'cli', 'webview'),
        'download imports core alone: it fetches files and knows nothing of what they hold.',
      ],
    ],
  },
  {
    files: ['src/l10n/**'],
    forbid: [
      [VSCODE, 'the words are for every process and page: src/host/main.ts sets their language.'],
      [
        folder(
          ...[
            'core',
            'formats',
            'zoo',
            'data',
            'runs',
            'download',
            'protocol',
            'trainer',
            'host',
            'cli',
            'webview',
          ],
        ),
        'l10n imports nothing: everything else imports it.',
      ],
    ],
  },
  {
    files: ['src/trainer/**'],
    forbid: [
      [VSCODE, 'the trainer is a plain child process: send an event and let src/host show it.'],
      [
        folder('zoo', 'host', 'cli', 'webview'),
        'trainer imports core, formats, data, runs, download and protocol: send an event instead.',
      ],
    ],
  },
  {
    files: ['src/trainer/client.ts'],
    forbid: [
      [VSCODE, 'the trainer is a plain child process: send an event and let src/host show it.'],
      [TFJS, 'client.ts is loaded by the host and the CLI: engines stay in the child process.'],
      [
        folder('zoo', 'host', 'cli', 'webview', 'layers', 'engines', 'optimizers', 'metrics'),
        'client.ts only spawns and talks: engines stay in the child process.',
      ],
    ],
  },
  {
    files: ['src/host/**'],
    forbid: [
      [TFJS, 'engines run in the child process: ask it through src/trainer/client.'],
      [
        folder('cli', 'webview'),
        'host and cli never import each other, and webviews are reached by message: move the shared part down, or add a message to src/protocol.',
      ],
      ['trainer/(?!client$)', 'host reaches the trainer through src/trainer/client alone.'],
    ],
  },
  {
    files: ['src/cli/**'],
    forbid: [
      [VSCODE, 'the CLI runs without VS Code: put it in src/host.'],
      [TFJS, 'engines run in the child process: ask it through src/trainer/client.'],
      [folder('host', 'webview'), 'host and cli never import each other: move the shared part down.'],
      ['trainer/(?!client$)', 'cli reaches the trainer through src/trainer/client alone.'],
    ],
  },
  {
    files: ['webview/**'],
    forbid: [
      [NODE, 'a webview has no Node: ask the host with a message in src/protocol.'],
      [VSCODE, 'a webview has no vscode module: ask the host with a message in src/protocol.'],
      [TFJS, 'a webview computes nothing with tensors: ask the host with a message.'],
      [
        LANGUAGE,
        'this reads files: the host says in which language a page is, and Node’s entries in which their process.',
      ],
      [
        folder('formats', 'zoo', 'data', 'trainer', 'runs', 'host', 'cli'),
        'webviews import core and protocol alone: ask the host with a message.',
      ],
      ['^@vscode/webview-ui-toolkit', 'only webview/ui imports the toolkit: use or add a component there.'],
    ],
  },
];

const restrict = (forbid) => ['error', { patterns: forbid.map(([regex, message]) => ({ regex, message })) }];

export default tseslint.config(
  { ignores: ['node_modules', 'dist', '.cache', 'test/artifacts', 'samples'] },
  ...tseslint.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  ...rules.map(({ files, forbid }) => ({ files, rules: { 'no-restricted-imports': restrict(forbid) } })),
  // The toolkit's one door keeps every other webview rule.
  {
    files: ['webview/ui/**'],
    rules: { 'no-restricted-imports': restrict(rules.at(-1).forbid.slice(0, -1)) },
  },
  {
    files: ['src/core/**', 'src/protocol/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['process', 'Buffer', 'require', '__dirname', 'window', 'document', 'navigator', 'fetch'].map(
          (name) => ({
            name,
            message:
              'core and protocol are pure: they run in Node, a worker and a webview alike. Pass it in.',
          }),
        ),
      ],
    },
  },
  {
    files: ['webview/**'],
    ignores: ['webview/bridge.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'acquireVsCodeApi', message: 'only webview/bridge.ts calls it: import the bridge.' },
      ],
    },
  },
  { files: ['webview/**/*.tsx', 'webview/**/*.ts'], ...reactHooks.configs.flat['recommended-latest'] },
  { files: ['src/cli/**', 'scripts/**', 'esbuild.mjs', 'test/**'], rules: { 'no-console': 'off' } },
);
