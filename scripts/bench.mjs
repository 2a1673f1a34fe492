/**
 * Measures, never judges: runs each `test/bench/*.bench.ts` (a module with an exported
 * `run(): Promise<Record<string, number>>`, `needsTestbed` where it drives a real VS Code, and `needsPython` where it
 * runs beside Keras), prints its figures, and writes them with the machine and the versions to `bench/results.json`,
 * where benches that did not run keep theirs if machine and versions are the same. Figures that matter are ratios taken
 * in one run.
 *
 *   node scripts/bench.mjs [name …]
 */
import { commonJsNames } from './commonJsNames.mjs';
import { build } from 'esbuild';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
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
    external: ['sharp', 'onnxruntime-node', 'h5wasm', 'h5wasm/*', 'esbuild', 'playwright-core'],
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

/** What was written of the same machine and versions. */
function figuresUnder(measured, file) {
  if (!existsSync(file)) return {};
  const { figures, ...before } = JSON.parse(readFileSync(file, 'utf8'));
  return isDeepStrictEqual(before, measured) ? figures : {};
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
    if (bench.needsPython) await setup.setUpPython();
    figures[name] = await bench.run();
    for (const [figure, value] of Object.entries(figures[name])) {
      console.log(`  ${figure.padEnd(56)} ${value.toPrecision(4)}`);
    }
  }
  const [cpu] = os.cpus();
  const measured = {
    machine: `${os.cpus().length} × ${cpu?.model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${process.platform}`,
    node: process.version,
    version,
    tfjs: dependencies['@tensorflow/tfjs-core'],
    esbuild: devDependencies.esbuild,
  };
  const file = path.join(root, 'bench/results.json');
  const results = { ...measured, figures: { ...figuresUnder(measured, file), ...figures } };
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
});
process.exit();
