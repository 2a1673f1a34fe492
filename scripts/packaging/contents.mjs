/** What a package must and must not hold. The same rules for those that a test makes and those that are handed out. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { partsOf, UNIVERSAL } from './targets.mjs';

/** A marketplace takes more; people on slow lines do not. */
export const LARGEST = 45 * 1024 * 1024;

/** Every file of a package is one of these, or of what it ships beside its bundles. */
export const KNOWN = [
  /^(package\.json|package\.nls(\.\w+)?\.json|THIRD_PARTY_NOTICES\.txt)$/,
  /^(README|CHANGELOG|LICENSE|SECURITY)(\.md|\.txt)?$/i,
  /^dist\/l10n\/bundle\.l10n\.\w+\.json$/,
  /^media\/([\w-]+\/)?[\w-]+\.(svg|png|md)$/,
  /^dist\/(extension|cli|trainer|weights|images)\.js$/,
  /^dist\/chunks\/[\w.-]+-[A-Z\d]{8}\.js$/,
  /^dist\/wasm\/tfjs-backend-wasm(-simd)?\.wasm$/,
  /^dist\/schemas\/\w+\.schema\.json$/,
  /^dist\/webview\/(chunks\/[\w.-]+-[A-Z\d]{8}|\w+)\.(js|css)$/,
  /^dist\/webview\/codicon\.ttf$/,
];

/** Without these it does not start. */
const NEEDED = [
  ...['package.json', 'README.md', 'CHANGELOG.md', 'SECURITY.md', 'THIRD_PARTY_NOTICES.txt'],
  ...['dist/extension.js', 'dist/cli.js', 'dist/trainer.js', 'dist/weights.js', 'dist/images.js'],
  ...['dist/wasm/tfjs-backend-wasm.wasm', 'dist/wasm/tfjs-backend-wasm-simd.wasm'],
  ...['dist/webview/editor.js', 'dist/webview/metrics.js', 'dist/webview/codicon.ttf'],
];

const NATIVE = /\.(node|dll|dylib|exe|so)(\.[\d.]+)?$/;

const PARTS = 'dist/node_modules/';

/**
 * @param {string} target one of `TARGETS`
 * @param {readonly string[]} files of the package, from its root, with `/`
 * @returns {string[]} what is wrong with them, a sentence each; nothing where all is well
 */
export function faultsOf(target, files) {
  const parts = partsOf(target);
  const faults = NEEDED.filter((file) => !files.some((found) => same(found, file))).map(
    (file) => `${file} is missing`,
  );
  for (const { name } of parts) {
    if (!files.includes(`${PARTS}${name}/package.json`)) faults.push(`${name} is missing`);
  }
  for (const file of files) {
    if (!file.startsWith(PARTS)) {
      if (!KNOWN.some((known) => known.test(file))) faults.push(`${file} is none of the package's files`);
      continue;
    }
    const part = parts.find(({ name }) => file.startsWith(`${PARTS}${name}/`));
    if (!part) faults.push(`${file} is of a package that ${target} has no use for`);
    else if (!part.files.test(file.slice(PARTS.length + part.name.length + 1)))
      faults.push(`${file} is not needed of ${part.name}`);
  }
  const native = files.filter((file) => NATIVE.test(file));
  if (target === UNIVERSAL) faults.push(...native.map((file) => `${file} is native`));
  else if (!native.some((file) => file.endsWith('.node'))) faults.push('the native image decoder is missing');
  return faults;
}

/** vsce gives what is at the root names of its own. */
const same = (found, file) =>
  found.toLowerCase().replace(/\.txt$/, '') === file.toLowerCase().replace(/\.txt$/, '');

/** What the first bytes of a native file say of whom it was made for. */
const MACHINES = {
  'linux-x64': [/^7f454c46/, 18, '3e00'],
  'linux-arm64': [/^7f454c46/, 18, 'b700'],
  'darwin-x64': [/^cffaedfe/, 4, '07000001'],
  'darwin-arm64': [/^cffaedfe/, 4, '0c000001'],
  'win32-x64': [/^4d5a/, 'pe', '6486'],
  'win32-arm64': [/^4d5a/, 'pe', '64aa'],
};

/** @returns {boolean} whether a native file is of the target's system and processor */
export function isOf(target, file) {
  const head = firstBytes(file, 4096);
  const [magic, place, machine] = MACHINES[target];
  const at = place === 'pe' ? head.readUInt32LE(0x3c) + 4 : place;
  return (
    magic.test(head.toString('hex', 0, 4)) && head.toString('hex', at, at + machine.length / 2) === machine
  );
}

/** @returns {string[]} the native ones among a package's files */
export const nativeAmong = (files) => files.filter((file) => NATIVE.test(file));

export function sizeFault(file) {
  const { size } = statSync(file);
  return size < LARGEST ? [] : [`it has ${size} bytes, and may have ${LARGEST}`];
}

function firstBytes(file, count) {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(count);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, count, 0));
  } finally {
    closeSync(descriptor);
  }
}
