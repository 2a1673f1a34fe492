/**
 * Makes the packages that people install: one a platform, each with its own native parts alone, and a universal one
 * without any, which trains in WebAssembly. Other platforms' parts come from the npm registry and are held to
 * package-lock.json. Each is looked through before it is called done.
 *
 *   node scripts/package.mjs [--out FILE] [target …]     all targets into `packages/`, or those named
 */
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { TARGETS, UNIVERSAL } from './packaging/targets.mjs';
import * as setup from './setup.mjs';
import { cache, execute, root, SetupError } from './steps.mjs';

const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');

/** Of more faults than that the rest are like the first. */
const FAULTS_SHOWN = 10;

function argumentsOf(words) {
  const out = words.indexOf('--out');
  const file = out < 0 ? undefined : words[out + 1];
  const targets = out < 0 ? words : words.toSpliced(out, 2);
  const unknown = targets.find((target) => !TARGETS.includes(target));
  if (unknown !== undefined) throw new SetupError(`no target "${unknown}": there are ${TARGETS.join(', ')}`);
  if (out >= 0 && (file === undefined || targets.length !== 1))
    throw new SetupError('--out takes a file, and one target');
  return { file, targets: targets.length > 0 ? targets : TARGETS };
}

/** The time that files in packages are given: of the last commit, so that the same sources make the same package. */
async function sourceDate() {
  if (process.env.SOURCE_DATE_EPOCH) return process.env.SOURCE_DATE_EPOCH;
  const isClone = existsSync(path.join(root, '.git'));
  return isClone ? (await execute('git', ['log', '-1', '--format=%ct'])).trim() : '946684800';
}

await setup.runScript(async () => {
  const { file, targets } = argumentsOf(process.argv.slice(2));
  await setup.setUpPackages();
  await setup.setUpBuild();
  // What is made of npm packages comes after these are there.
  const { stage } = await import('./packaging/stage.mjs');
  const { faultsOf, isOf, nativeAmong, sizeFault } = await import('./packaging/contents.mjs');
  const env = { ...process.env, SOURCE_DATE_EPOCH: await sourceDate(), TZ: 'UTC' };
  const packages = path.join(root, 'packages');
  mkdirSync(packages, { recursive: true });
  for (const target of targets) {
    const folder = path.join(cache, 'stage', target);
    await stage(target, folder, { download: true });
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'),
      );
    const made = file ? path.resolve(file) : path.join(packages, `model-surgery-${target}.vsix`);
    const words = [
      '--no-dependencies',
      '--allow-missing-repository',
      '--no-rewrite-relative-links',
      '--out',
      made,
    ];
    if (target !== UNIVERSAL) words.push('--target', target);
    await execute(process.execPath, [vsce, 'package', ...words], { cwd: folder, env });
    const faults = [...faultsOf(target, files), ...sizeFault(made)];
    for (const native of nativeAmong(files))
      if (!isOf(target, path.join(folder, native))) faults.push(`${native} is not for ${target}`);
    if (faults.length > 0)
      throw new SetupError(`${target}: ${faults.length} faults: ${faults.slice(0, FAULTS_SHOWN).join('; ')}`);
    console.log(`${path.relative(root, made)}  ${(statSync(made).size / 2 ** 20).toFixed(1)} MB`);
  }
});
