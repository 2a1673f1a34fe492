/**
 * Kills trainers, commands that write models, extension hosts and VS Code's whole server, at moments that follow from a
 * seed, and fills small disks (as Linux's root); looks at what is left, and prints how often what became of it, and every
 * find.
 *
 *   node scripts/kill.mjs [--trainer N] [--writer N] [--host N] [--server N] [--disk N] [--seed S]
 */
import { commonJsNames } from './commonJsNames.mjs';
import { build } from 'esbuild';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as setup from './setup.mjs';
import { cache, root, SetupError } from './steps.mjs';

/** Windows are killed where somebody asks: they take VS Code, and minutes. */
const USUAL = { trainer: 140, writer: 30, host: 0, server: 0, disk: 0, seed: 1 };

function countsAsked() {
  const options = Object.fromEntries(Object.keys(USUAL).map((name) => [name, { type: 'string' }]));
  const { values } = parseArgs({ options });
  const given = Object.entries(values).map(([name, text]) => {
    if (!/^\d+$/.test(text)) throw new SetupError(`--${name}: found "${text}", expected a number`);
    return [name, Number(text)];
  });
  // Who names what to kill wants nothing else killed.
  const namesSome = given.some(([name]) => name !== 'seed');
  const rest = namesSome ? { trainer: 0, writer: 0, host: 0, server: 0, disk: 0, seed: USUAL.seed } : USUAL;
  return { ...rest, ...Object.fromEntries(given) };
}

async function load(file) {
  const outfile = path.join(cache, 'kill', file.replace(/\.ts$/, '.mjs'));
  await build({
    entryPoints: [path.join(root, 'test/kill', file)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['sharp', 'onnxruntime-node', 'h5wasm', 'h5wasm/*', 'playwright-core'],
    banner: { js: commonJsNames },
    // These know the repository by where they are themselves.
    plugins: [
      {
        name: 'scripts',
        setup(plugin) {
          plugin.onResolve({ filter: /\/scripts\/\w+\.mjs$/ }, (wanted) => ({
            path: pathToFileURL(path.resolve(wanted.resolveDir, wanted.path)).href,
            external: true,
          }));
        },
      },
    ],
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}

let finds = 0;
function show(what, tally) {
  console.log(`${what}\n${tally}`);
  finds += tally.finds.length;
}

await setup.runScript(async () => {
  const { host, server, ...programs } = countsAsked();
  const dist = path.join(root, 'dist');
  await setup.setUpPackages();
  await setup.setUpBuild();
  const { killPrograms } = await load('kill.ts');
  show(`programs, seed ${programs.seed}`, await killPrograms({ ...programs, dist }));
  if (host + server > 0) {
    await setup.setUpChromium();
    await setup.setUpTestbed();
    const { killWindows } = await load('windowKills.ts');
    show(
      `VS Code, seed ${programs.seed}`,
      await killWindows({ host, server, seed: programs.seed, repository: root }),
    );
  }
  console.log(`${finds} finds`);
  if (finds > 0) process.exitCode = 1;
});
process.exit();
