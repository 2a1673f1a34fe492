/** `THIRD_PARTY_NOTICES.txt`: what a package really holds of others, from esbuild's metafiles and what lies beside. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../steps.mjs';
import { licenceOf } from './licences.mjs';
import { npmPackage } from './npmPackage.mjs';
import { partsOf } from './targets.mjs';

/** The npm packages of which esbuild put something into a bundle. */
function bundled() {
  const folders = new Set();
  for (const name of ['node', 'webview', 'workers']) {
    const { outputs } = JSON.parse(readFileSync(path.join(root, `dist/meta-${name}.json`), 'utf8'));
    for (const { inputs } of Object.values(outputs)) {
      for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
        const [folder] = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file) ?? [];
        if (folder !== undefined && bytesInOutput > 0)
          folders.add(folder.replace(/^.*?node_modules/, 'node_modules'));
      }
    }
  }
  return [...folders].map((folder) => path.join(root, folder));
}

/**
 * @param {string} target one of `TARGETS`
 * @returns what each npm package in it is, by name: `licenceOf` of each
 */
export async function shippedPackages(target, { download = false } = {}) {
  const folders = bundled();
  for (const part of partsOf(target)) folders.push(await npmPackage(part, { download }));
  const packages = [...new Set(folders)].map(licenceOf);
  const key = ({ name, version }) => `${name} ${version}`;
  const byKey = new Map(packages.map((found) => [key(found), found]));
  return [...byKey.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The file's text: a list, then each licence's text once, under the packages that it is of. */
export function noticesOf(packages) {
  const byText = grouped(packages);
  const rule = '='.repeat(100);
  return [
    'Model Surgery contains software of others, under the licences below.',
    packages.map(({ name, version, licence }) => `${name} ${version} (${licence})`).join('\n'),
    ...[...byText].map(([text, of]) =>
      [rule, of.map(({ name, version }) => `${name} ${version}`).join('\n'), rule, '', text].join('\n'),
    ),
    '',
  ].join('\n\n');
}

function grouped(packages) {
  const groups = new Map();
  for (const found of packages) groups.set(found.text, [...(groups.get(found.text) ?? []), found]);
  return groups;
}
