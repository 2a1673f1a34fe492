import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** What a child of the bench says of itself: it activates the extension in the folder of its argument, as VS Code does. */
export interface Activated {
  readonly loadMs: number;
  readonly activateMs: number;
  /** Of the processor, all threads: what other programs do meanwhile does not count. */
  readonly processorMs: number;
}

interface Extension {
  activate(context: object): Promise<void>;
}

const [folder = ''] = process.argv.slice(2);
const { window: anything } = (await import(
  pathToFileURL(path.join(folder, 'node_modules/vscode/index.js')).href
)) as { window: unknown };

/** Of a window that was never open before. */
const memento = {
  keys: () => [],
  get: (_: string, otherwise?: unknown) => otherwise,
  update: () => Promise.resolve(),
};

const began = performance.now();
const before = process.cpuUsage();
const entry = pathToFileURL(path.join(folder, 'dist/extension.js')).href;
const { activate } = (await import(entry)) as Extension;
const loaded = performance.now();
await activate({
  subscriptions: [],
  extensionUri: anything,
  globalStorageUri: anything,
  workspaceState: memento,
  globalState: memento,
});
const activateMs = performance.now() - loaded;
const { user, system } = process.cpuUsage(before);
const activated: Activated = {
  loadMs: loaded - began,
  activateMs,
  processorMs: (user + system) / 1000,
};
console.log(JSON.stringify(activated));
process.exit();
