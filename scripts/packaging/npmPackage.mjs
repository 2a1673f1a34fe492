/**
 * Where an npm package of package-lock.json lies: in `node_modules` where `npm ci` put it there, else, for another
 * platform's, in `.cache/npm`, downloaded from the registry and held to the lock's hash.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cache, execute, root, SetupError } from '../steps.mjs';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const downloads = path.join(cache, 'npm');

/** @returns {string} the path that the lock has for a package, as its dependent finds it */
function lockedAt(packages, name, of) {
  const own = `node_modules/${name}`;
  const nested = of === undefined ? own : `node_modules/${of}/${own}`;
  const found = [nested, own].find((place) => place in packages);
  if (found === undefined)
    throw new SetupError(`package-lock.json has no ${name}: run "npm install ${name}"`);
  return found;
}

const versionIn = (folder) => {
  const file = path.join(folder, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
};

/**
 * @param {{ name: string, of?: string }} part
 * @param {{ download: boolean }} options false to take nothing that is not installed
 * @returns {Promise<string>} the folder that holds the package
 */
export async function npmPackage({ name, of }, { download }) {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const place = lockedAt(packages, name, of);
  const { version, integrity } = packages[place];
  const installed = path.join(root, place);
  if (versionIn(installed) === version) return installed;
  if (!download) throw new SetupError(`${place} is not installed in version ${version}: run "npm ci"`);
  const kept = path.join(downloads, `${name.replace('/', '+')}@${version}`);
  if (versionIn(kept) !== version) await fetchPackage(name, version, integrity, kept);
  return kept;
}

async function fetchPackage(name, version, integrity, kept) {
  mkdirSync(downloads, { recursive: true });
  const folder = mkdtempSync(path.join(downloads, 'download-'));
  try {
    await execute(npm, ['pack', `${name}@${version}`, '--silent', '--pack-destination', folder]);
    const [tarball] = readdirSync(folder);
    checkIntegrity(readFileSync(path.join(folder, tarball)), `${name}@${version}`, integrity);
    await execute('tar', ['-xzf', tarball], { cwd: folder });
    rmSync(kept, { recursive: true, force: true });
    renameSync(path.join(folder, 'package'), kept);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws SetupError where the bytes are not those that the lock was written for */
export function checkIntegrity(bytes, name, integrity) {
  const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (found !== integrity)
    throw new SetupError(`${name}: found ${found}, package-lock.json expects ${integrity}: it is not used`);
}
