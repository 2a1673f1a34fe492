/**
 * Measures, never judges: runs each `test/bench/*.bench.ts` (a module with a default name, an exported
 * `run(): Promise<Record<string, number>>`, and `needsTestbed` where it drives a real VS Code), prints its figures, and writes them with the machine and the versions
 * to `bench/results.json`. Figures that matter are ratios taken in one run.
 *
 *   node scripts/bench.mjs [name …]
 */
import { commonJsNames } from './commonJsNames.mjs';
import { build } from 'esbuild';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as setup from './setup.mjs';
import { cache, root } from './steps.mjs';

const folder = path.join(root, 'test/bench');

async function load(file) {
  const outfile = path.join(cache, 'bench', file.replace(/\.ts$/, '.mjs'));
  await build({
    entryPoints: [path.join(folder, file)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // tfjs-core's gradients are ES modules in a package that Node reads as CommonJS, so it is bundled too.
    external: ['sharp', 'h5wasm', 'h5wasm/*', 'esbuild', 'playwright-core'],
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

await setup.runScript(async () => {
  await setup.setUpPackages();
  await setup.setUpBuild();
  await setup.setUpChromium();
  const wanted = process.argv.slice(2);
  const { version, devDependencies, dependencies } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  );
  const figures = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.bench.ts'))) {
    const name = file.replace('.bench.ts', '');
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(`\n${name}`);
    const bench = await load(file);
    if (bench.needsTestbed) await setup.setUpTestbed();
    figures[name] = await bench.run();
    for (const [figure, value] of Object.entries(figures[name])) {
      console.log(`  ${figure.padEnd(56)} ${value.toPrecision(4)}`);
    }
  }
  if (wanted.length > 0) return;
  const [cpu] = os.cpus();
  mkdirSync(path.join(root, 'bench'), { recursive: true });
  const results = {
    machine: `${os.cpus().length} × ${cpu?.model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${process.platform}`,
    node: process.version,
    version,
    tfjs: dependencies['@tensorflow/tfjs-core'],
    esbuild: devDependencies.esbuild,
    figures,
  };
  writeFileSync(path.join(root, 'bench/results.json'), `${JSON.stringify(results, null, 2)}\n`);
});
process.exit();
