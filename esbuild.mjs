/**
 * Builds `dist/`: one ES module graph for Node (the extension, the command line, the trainer, split so that nothing
 * heavy loads before it is needed) and one entry a webview, which fetches what its first look has no use for when the page is idle. `--watch` builds again on change;
 * `dist/meta-*.json` say what each bundle holds, and a test reads them.
 */
import { build, context } from 'esbuild';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { commonJsNames } from './scripts/commonJsNames.mjs';
import { copyParts } from './scripts/packaging/copyParts.mjs';
import { targetHere } from './scripts/packaging/targets.mjs';
import { writeLanguages } from './scripts/packaging/writeLanguages.mjs';

const watch = process.argv.includes('--watch');
const root = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const dist = path.join(root, 'dist');

const shared = {
  bundle: true,
  sourcemap: true,
  metafile: true,
  logLevel: 'warning',
  absWorkingDir: root,
  // Whose code it is, and under which licences, says THIRD_PARTY_NOTICES.txt of each package.
  legalComments: 'none',
};

/** Messages are ours: of zod's, in some fifty languages, its own English remains. */
const zodInEnglish = {
  name: 'zod-in-english',
  setup(plugin) {
    plugin.onResolve({ filter: /locales\/index\.js$/ }, ({ importer, resolveDir }) => {
      if (!/[\\/]zod[\\/]v4[\\/]/.test(importer)) return undefined;
      return { path: path.join(resolveDir, '../locales'), namespace: 'zod-locales' };
    });
    plugin.onLoad({ filter: /.*/, namespace: 'zod-locales' }, ({ path: resolveDir }) => ({
      contents: "export { default as en } from './en.js';",
      resolveDir,
    }));
  },
};

const node = {
  ...shared,
  entryPoints: {
    extension: 'src/host/main.ts',
    cli: 'src/cli/main.ts',
    trainer: 'src/trainer/main.ts',
    weights: 'src/formats/inspection/worker.ts',
    images: 'src/data/finishingWorker.ts',
  },
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  splitting: true,
  // `vscode` is the host's own; the others find their native parts beside themselves, so they are shipped, not bundled.
  external: ['vscode', 'sharp', 'onnxruntime-node'],
  banner: { js: commonJsNames },
  plugins: [zodInEnglish],
};

/**
 * Asks the browser to compile what it loads as a whole, beside the page's thread: nearly all of it runs before the first
 * paint, and there each function's compiling at its first call would wait. One that does not know this ignores it.
 */
const COMPILED_WHOLE = { js: '//# allFunctionsCalledOnLoad' };

/** What the workers' bundles hold, which lie in the pages' as text. */
const workers = { outputs: {} };

/** `import source from './x.worker?inline'`: the worker's bundled source as text, the only form a webview can start. */
const inlineWorker = {
  name: 'inline-worker',
  setup(plugin) {
    plugin.onResolve({ filter: /\?inline$/ }, ({ path: request, resolveDir }) => ({
      path: path.join(resolveDir, request.replace(/\?inline$/, '.ts')),
      namespace: 'inline-worker',
    }));
    plugin.onLoad({ filter: /.*/, namespace: 'inline-worker' }, async ({ path: entry }) => {
      const result = await build({
        bundle: true,
        write: false,
        minify: true,
        format: 'iife',
        target: 'es2022',
        banner: COMPILED_WHOLE,
        absWorkingDir: root,
        entryPoints: [entry],
        metafile: true,
      });
      Object.assign(workers.outputs, result.metafile.outputs);
      return {
        contents: result.outputFiles[0].text,
        loader: 'text',
        watchFiles: Object.keys(result.metafile.inputs).map((file) => path.resolve(file)),
      };
    });
  },
};

const webview = {
  ...shared,
  entryPoints: {
    editor: 'webview/editor/main.tsx',
    metrics: 'webview/metrics/main.tsx',
    gallery: 'webview/gallery/main.tsx',
  },
  outdir: 'dist/webview',
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'browser',
  target: 'es2022',
  format: 'esm',
  splitting: true,
  minify: !watch,
  banner: COMPILED_WHOLE,
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': watch ? '"development"' : '"production"' },
  loader: { '.ttf': 'file', '.svg': 'dataurl' },
  assetNames: '[name]',
  plugins: [inlineWorker],
};

/** Files used as they are: the WebAssembly binaries of the engine, and what finds its own parts beside itself. */
async function copyAssets() {
  const require = createRequire(import.meta.url);
  const wasm = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'));
  await mkdir(path.join(dist, 'wasm'), { recursive: true });
  for (const file of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) {
    await cp(path.join(wasm, file), path.join(dist, 'wasm', file));
  }
  await copyParts(targetHere(), path.join(dist, 'node_modules'));
}

/** What a recipe and a plan may hold, for VS Code's own JSON editor: it completes and checks them as they are typed. */
async function writeSchemas() {
  const { outputFiles } = await build({
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    stdin: {
      contents: `export { toJSONSchema } from 'zod';
export { recipeSchema as surgery } from './src/core/surgery/recipe';
export { planSchema as plan } from './src/core/plan/plan';`,
      resolveDir: root,
    },
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const { toJSONSchema, ...schemas } = await import(`data:text/javascript;base64,${code}`);
  await mkdir(path.join(dist, 'schemas'), { recursive: true });
  for (const [name, schema] of Object.entries(schemas)) {
    const json = JSON.stringify(toJSONSchema(schema, { io: 'input', target: 'draft-7' }), null, 2);
    await writeFile(path.join(dist, 'schemas', `${name}.schema.json`), json);
  }
}

const record = (name, result) =>
  writeFile(path.join(dist, `meta-${name}.json`), JSON.stringify(result.metafile));

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await Promise.all([
  copyAssets(),
  writeSchemas(),
  writeLanguages(path.join(root, 'l10n'), path.join(dist, 'l10n')),
]);
if (watch) {
  for (const options of [node, webview]) await (await context(options)).watch();
} else {
  const [nodeResult, webviewResult] = await Promise.all([build(node), build(webview)]);
  await Promise.all([record('node', nodeResult), record('webview', webviewResult)]);
  await writeFile(path.join(dist, 'meta-workers.json'), JSON.stringify(workers));
  // The styles of parts that come later are in the page's own; a webview has no way to fetch these.
  for (const output of Object.keys(webviewResult.metafile.outputs)) {
    if (/\/chunks\/.*\.css(\.map)?$/.test(output)) await rm(path.join(root, output));
  }
}
