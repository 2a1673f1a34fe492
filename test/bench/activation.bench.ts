import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Activated } from './activationChild';

export default 'activation';

const execute = promisify(execFile);

/** So that a busy machine's slowest does not decide. */
const RUNS = 9;

const folder = path.resolve('.cache/bench/activation');

/** What starting VS Code waits for: loading `dist/extension.js` and its `activate`, each time in a process of its own. */
export async function run(): Promise<Record<string, number>> {
  const child = path.resolve('.cache/bench/activationChild.mjs');
  await build({
    entryPoints: ['test/bench/activationChild.ts'],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  installBesideFake();
  const found: Activated[] = [];
  for (let count = 0; count < RUNS; count++) {
    const { stdout } = await execute(process.execPath, [child, folder]);
    found.push(JSON.parse(stdout) as Activated);
  }
  const middle = (of: (activated: Activated) => number) =>
    found.map(of).toSorted((a, b) => a - b)[Math.floor(RUNS / 2)]!;
  const both = ({ loadMs, activateMs }: Activated) => loadMs + activateMs;
  return {
    'loading: ms': middle(({ loadMs }) => loadMs),
    'activate(): ms': middle(({ activateMs }) => activateMs),
    'both: ms / 100 ms allowed': middle(both) / 100,
    'both, of the processor: ms': middle(({ processorMs }) => processorMs),
    'both, the fastest: ms': Math.min(...found.map(both)),
  };
}

/** Answers to everything with itself, so that only the extension's own work takes time. */
const ANYTHING = `
const anything = new Proxy(class {}, {
  get: (_, name) =>
    name === 'then' ? undefined
    : name === Symbol.iterator ? () => [][Symbol.iterator]()
    : name === Symbol.toPrimitive ? () => ''
    : name === 'prototype' ? Object.prototype
    : anything,
  set: () => true,
  apply: () => anything,
  construct: () => anything,
});
/** Of a VS Code in English. */
const words = {};`;

/** A copy of the bundles, beside a package `vscode` that has by name what they ask of it. */
function installBesideFake(): void {
  rmSync(folder, { recursive: true, force: true });
  const names = new Set<string>();
  for (const place of ['dist', 'dist/chunks']) {
    mkdirSync(path.join(folder, place), { recursive: true });
    for (const name of readdirSync(place).filter((file) => file.endsWith('.js'))) {
      cpSync(path.join(place, name), path.join(folder, place, name));
      const text = readFileSync(path.join(place, name), 'utf8');
      if (!text.includes('from "vscode"')) continue;
      for (const [, asked = ''] of text.matchAll(/\bvscode\d*\.(\w+)/g)) names.add(asked);
    }
  }
  const fake = path.join(folder, 'node_modules/vscode');
  mkdirSync(fake, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(path.join(fake, 'package.json'), '{ "type": "module", "main": "index.js" }');
  const exported = [...names]
    .map((name) => `${name === 'l10n' ? 'words' : 'anything'} as ${name}`)
    .join(', ');
  writeFileSync(path.join(fake, 'index.js'), `${ANYTHING}\nexport { ${exported} };\n`);
}
