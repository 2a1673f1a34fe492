/**
 * Reads damaged files of every format in a child that is watched: see `test/fuzz`. The same files for the same seed.
 *
 *   node scripts/fuzz.mjs [--format NAME …] [--files N] [--seed S]     20,000 files a format, unless said
 *   node scripts/fuzz.mjs --format NAME --only AT                      one of them again
 */
import { build } from 'esbuild';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { cache, root } from './steps.mjs';

// Several may run at a time.
const folder = path.join(cache, `fuzz/build-${process.pid}`);
const outfile = path.join(folder, 'main.mjs');
try {
  await build({
    entryPoints: [path.join(root, 'test/fuzz/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  const { main } = await import(pathToFileURL(outfile).href);
  process.exitCode = await main(root, folder, process.argv.slice(2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
