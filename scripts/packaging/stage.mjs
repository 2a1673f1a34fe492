/** A folder with just what a package holds: what is known to belong to it, with one target's parts, and notices. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../steps.mjs';
import { KNOWN } from './contents.mjs';
import { copyParts } from './copyParts.mjs';
import { noticesOf, shippedPackages } from './notices.mjs';

/** Of no use to who installs an extension: everything is bundled, and nothing is built there. */
const DEVELOPMENT = ['scripts', 'dependencies', 'devDependencies', 'private'];

/** Where the package's own files lie, from the root; whole folders are looked through. */
const PLACES = ['media', 'dist/l10n', 'dist/chunks', 'dist/wasm', 'dist/schemas', 'dist/webview'];

function ownFiles() {
  const inFolders = PLACES.filter((place) => existsSync(path.join(root, place))).flatMap((place) =>
    readdirSync(path.join(root, place), { recursive: true }).map((file) =>
      path.posix.join(place, slashed(file)),
    ),
  );
  const plain = ['', 'dist'].flatMap((place) =>
    readdirSync(path.join(root, place)).map((file) => path.posix.join(place, file)),
  );
  return [...plain, ...inFolders].filter((file) => KNOWN.some((known) => known.test(file)));
}

const slashed = (file) => file.replaceAll(path.sep, '/');

/**
 * @param {string} target one of `TARGETS`
 * @param {string} folder made anew
 * @param {{ download?: boolean }} options whether another platform's parts may be fetched from the registry
 */
export async function stage(target, folder, { download = false } = {}) {
  rmSync(folder, { recursive: true, force: true });
  for (const file of ownFiles()) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    cpSync(path.join(root, file), path.join(folder, file));
  }
  await copyParts(target, path.join(folder, 'dist/node_modules'), { download });
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  for (const field of DEVELOPMENT) delete manifest[field];
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const notices = noticesOf(await shippedPackages(target, { download }));
  writeFileSync(path.join(folder, 'THIRD_PARTY_NOTICES.txt'), notices);
}
