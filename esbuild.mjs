/**
 * Builds `dist/`: one ES module graph for Node (the extension, the command line, the trainer, split so that nothing
 * heavy loads before it is needed) and one entry a webview, which fetches what its first look has no use for when the page is idle. `--watch` builds again on change;
 * `dist/meta-*.json` say what each bundle holds, and a test reads them.
 */
import { build, context } from 'esbuild';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { commonJsNames } from './scripts/commonJsNames.mjs';

const watch = process.argv.includes('--watch');
const root = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const dist = path.join(root, 'dist');

const shared = {
  bundle: true,
  sourcemap: true,
  metafile: true,
  logLevel: 'warning',
  absWorkingDir: root,
};

const node = {
  ...shared,
  entryPoints: {
    extension: 'src/host/extension.ts',
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
};

/**
 * Asks the browser to compile what it loads as a whole, beside the page's thread: nearly all of it runs before the first
 * paint, and there each function's compiling at its first call would wait. One that does not know this ignores it.
 */
const COMPILED_WHOLE = { js: '//# allFunctionsCalledOnLoad' };

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
        entryPoints: [entry],
        metafile: true,
      });
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
  entryPoints: { editor: 'webview/editor/main.tsx', metrics: 'webview/metrics/main.tsx' },
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

/** Files used as they are: the WebAssembly binaries of the engine, and the native image decoder. */
async function copyAssets() {
  const require = createRequire(import.meta.url);
  const packageFolder = (name, from = root) => {
    for (let folder = from; ; folder = path.dirname(folder)) {
      const candidate = path.join(folder, 'node_modules', name);
      if (existsSync(path.join(candidate, 'package.json'))) return candidate;
      if (folder === path.dirname(folder)) return undefined;
    }
  };
  const wasm = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'));
  await mkdir(path.join(dist, 'wasm'), { recursive: true });
  for (const file of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) {
    await cp(path.join(wasm, file), path.join(dist, 'wasm', file));
  }
  const copied = new Set();
  const copyPackage = async (name, from) => {
    const source = packageFolder(name, from);
    if (!source || copied.has(name)) return;
    copied.add(name);
    await cp(source, path.join(dist, 'node_modules', name), { recursive: true, dereference: true });
    const manifest = JSON.parse(await readFile(path.join(source, 'package.json'), 'utf8'));
    const needs = { ...manifest.dependencies, ...manifest.optionalDependencies };
    for (const need of Object.keys(needs)) await copyPackage(need, source);
  };
  await copyPackage('sharp', root);
  await copyOnnxRuntime(packageFolder);
}

/**
 * ONNX Runtime for the platform that this is built on: its package has six platforms' and what its install script needs.
 * Graphics cards' providers, which that script may have added, are not shipped.
 */
async function copyOnnxRuntime(packageFolder) {
  const source = packageFolder('onnxruntime-node');
  const target = path.join(dist, 'node_modules/onnxruntime-node');
  const native = path.join('bin/napi-v6', process.platform, process.arch);
  const plain = { recursive: true, dereference: true };
  for (const part of ['package.json', 'dist'])
    await cp(path.join(source, part), path.join(target, part), plain);
  // Without one for this platform the trainer says so, and computes with its engine.
  if (existsSync(path.join(source, native))) {
    const filter = (file) => !/providers_(cuda|tensorrt|shared)/.test(file);
    await cp(path.join(source, native), path.join(target, native), { ...plain, filter });
  }
  const common = packageFolder('onnxruntime-common', source);
  const commonTarget = path.join(dist, 'node_modules/onnxruntime-common');
  for (const part of ['package.json', 'dist/cjs']) {
    await cp(path.join(common, part), path.join(commonTarget, part), plain);
  }
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
await Promise.all([copyAssets(), writeSchemas()]);
if (watch) {
  for (const options of [node, webview]) await (await context(options)).watch();
} else {
  const [nodeResult, webviewResult] = await Promise.all([build(node), build(webview)]);
  await Promise.all([record('node', nodeResult), record('webview', webviewResult)]);
  // The styles of parts that come later are in the page's own; a webview has no way to fetch these.
  for (const output of Object.keys(webviewResult.metafile.outputs)) {
    if (/\/chunks\/.*\.css(\.map)?$/.test(output)) await rm(path.join(root, output));
  }
}
