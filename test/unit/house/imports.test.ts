import { ESLint } from 'eslint';
import { expect, it } from 'vitest';
import { repository } from '../../support/python';

const eslint = new ESLint({ cwd: repository });

/** What a person reads who imports `from` in `file`. */
async function complaint(file: string, from: string): Promise<string> {
  const [result] = await eslint.lintText(`import { x } from '${from}';\n\nexport const y = x;\n`, {
    filePath: file,
  });
  return (result?.messages ?? [])
    .filter((message) => message.ruleId === 'no-restricted-imports')
    .map((message) => message.message)
    .join('\n');
}

it.each([
  ['src/core/graph/a.ts', 'node:fs', 'core is pure'],
  ['src/core/graph/a.ts', 'vscode', 'put it in src/host'],
  ['src/core/graph/a.ts', '@tensorflow/tfjs-core', 'put it in src/trainer'],
  ['src/core/graph/a.ts', '../../formats/registry', 'move the shared part into core'],
  ['src/protocol/a.ts', '../host/document', 'protocol imports core alone'],
  ['src/formats/h5/a.ts', '@tensorflow/tfjs-core', 'return typed arrays'],
  ['src/formats/h5/a.ts', '../../trainer/client', 'formats, zoo, data and runs import core alone'],
  ['src/data/a.ts', 'vscode', 'put it in src/host'],
  ['src/runs/a.ts', '../protocol/trainer', 'move the shared part into core'],
  ['src/trainer/a.ts', 'vscode', 'send an event'],
  ['src/trainer/a.ts', '../host/extension', 'send an event instead'],
  ['src/trainer/client.ts', '@tensorflow/tfjs-core', 'engines stay in the child process'],
  ['src/host/a.ts', '@tensorflow/tfjs-core', 'src/trainer/client'],
  ['src/host/a.ts', '../trainer/executor', 'through src/trainer/client alone'],
  ['src/host/a.ts', '../cli/main', 'host and cli never import each other'],
  ['src/cli/a.ts', '../trainer/executor', 'through src/trainer/client alone'],
  ['src/cli/a.ts', '../host/extension', 'host and cli never import each other'],
  ['src/core/graph/a.ts', '../../l10n/processLanguage', 'this reads files'],
  ['src/l10n/a.ts', '../core/failure', 'l10n imports nothing'],
  ['webview/editor/a.ts', 'node:path', 'message in src/protocol'],
  ['webview/editor/a.ts', '../../src/formats/registry', 'webviews import core and protocol alone'],
  ['webview/editor/a.ts', '@vscode/webview-ui-toolkit', 'only webview/ui imports the toolkit'],
])('refuses in %s an import of %s, and names the alternative', async (file, from, alternative) => {
  expect(await complaint(file, from)).toContain(alternative);
});

it.each([
  ['src/core/graph/a.ts', 'zod'],
  ['src/formats/h5/a.ts', 'node:fs'],
  ['src/core/graph/a.ts', '../../l10n/translate'],
  ['src/host/a.ts', '../trainer/client'],
  ['src/cli/a.ts', '../trainer/client'],
  ['webview/ui/a.ts', '@vscode/webview-ui-toolkit'],
  ['webview/editor/a.ts', '../../src/protocol/editor'],
])('allows in %s an import of %s', async (file, from) => {
  expect(await complaint(file, from)).toBe('');
});
