import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { repository } from '../../support/python';

/** What each bundle holds, as esbuild says (`npm run build` writes the metafiles). */
const dist = path.join(repository, 'dist');
const metafile = (name: string) =>
  JSON.parse(readFileSync(path.join(dist, `meta-${name}.json`), 'utf8')) as Metafile;

type How = 'at start' | 'ever';

/** The outputs that one brings along, itself included: through static imports alone, or through dynamic ones too. */
function outputsOf(meta: Metafile, entry: string, how: How) {
  const outputs = new Set<string>();
  const queue = [entry];
  const external: string[] = [];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (outputs.has(file)) continue;
    outputs.add(file);
    for (const { path: imported, kind, external: outside } of meta.outputs[file]?.imports ?? []) {
      if (outside) external.push(imported);
      else if (kind !== 'dynamic-import' || how === 'ever') queue.push(imported);
    }
  }
  return { outputs: [...outputs], external };
}

/** The source files an output brings along. */
function sourcesOf(meta: Metafile, entry: string, how: How): string[] {
  const { outputs, external } = outputsOf(meta, entry, how);
  return outputs.flatMap((file) => Object.keys(meta.outputs[file]?.inputs ?? {})).concat(external);
}

const holding = (sources: readonly string[], ...names: readonly string[]) =>
  sources.filter((source) => names.some((name) => source === name || source.includes(`/${name}/`)));

describe('the Node bundles', () => {
  const meta = metafile('node');
  /** What `main.ts` loads when VS Code starts the extension, after the words. */
  const extension = Object.keys(meta.outputs).find(
    (file) => meta.outputs[file]?.entryPoint === 'src/host/extension.ts',
  );

  it('loads nothing heavy when the extension starts', () => {
    const started = ['dist/extension.js', extension ?? ''];
    const sources = started.flatMap((entry) => sourcesOf(meta, entry, 'at start'));
    expect(sources).toContain('src/host/extension.ts');
    expect(holding(sources, 'h5wasm', '@tensorflow', 'sharp', 'react', 'yauzl', 'yazl')).toEqual([]);
    // No reader of a format, no kind of layer, no architecture: these come with the first model.
    const parsers = sources.filter((source) =>
      /^src\/(formats\/(?:\w+\/|registry)|core\/layers\/|zoo\/(?:architectures|download))/.test(source),
    );
    expect(parsers).toEqual([]);
    const outputs = new Set(started.flatMap((entry) => outputsOf(meta, entry, 'at start').outputs));
    const bytes = [...outputs].reduce((sum, file) => sum + (meta.outputs[file]?.bytes ?? 0), 0);
    expect(bytes).toBeLessThanOrEqual(600 * 1024);
  });

  it('has zod’s messages in one language', () => {
    const locales = sourcesOf(meta, 'dist/extension.js', 'ever').filter((source) =>
      /zod\/.*\/locales\/\w/.test(source),
    );
    expect(locales).toEqual(['node_modules/zod/v4/locales/en.js']);
  });

  it('keeps engines out of the extension and the command line', () => {
    for (const entry of ['dist/extension.js', 'dist/cli.js']) {
      expect(holding(sourcesOf(meta, entry, 'ever'), '@tensorflow', 'react'), entry).toEqual([]);
    }
  });

  it('loads ONNX Runtime in the trainer alone, when features are computed', () => {
    for (const entry of Object.keys(meta.outputs).filter((file) => /^dist\/\w+\.js$/.test(file))) {
      expect(holding(sourcesOf(meta, entry, 'at start'), 'onnxruntime-node'), entry).toEqual([]);
      const ever = holding(sourcesOf(meta, entry, 'ever'), 'onnxruntime-node');
      expect(ever, entry).toEqual(entry === 'dist/trainer.js' ? ['onnxruntime-node'] : []);
    }
    const native = path.join(dist, 'node_modules/onnxruntime-node/bin/napi-v6');
    const shipped = readdirSync(native, { recursive: true, encoding: 'utf8' });
    expect(shipped.filter((file) => file.endsWith('.node'))).toEqual([
      path.join(process.platform, process.arch, 'onnxruntime_binding.node'),
    ]);
    expect(shipped.filter((file) => file.includes('providers_'))).toEqual([]);
  });

  it('keeps VS Code out of the command line and the trainer', () => {
    for (const entry of ['dist/cli.js', 'dist/trainer.js']) {
      const sources = sourcesOf(meta, entry, 'ever');
      expect(sources.filter((source) => source === 'vscode' || source.startsWith('src/host/'))).toEqual([]);
    }
    expect(holding(sourcesOf(meta, 'dist/trainer.js', 'ever'), '@tensorflow')).not.toEqual([]);
  });
});

describe('the webview bundles', () => {
  const meta = metafile('webview');
  const KILOBYTE = 1024;

  it.each(['editor', 'metrics', 'gallery'])(
    '%s holds the webview, core, protocol and words alone',
    (name) => {
      const own = sourcesOf(meta, `dist/webview/${name}.js`, 'ever').filter(
        (source) => !source.includes('node_modules'),
      );
      const outside = own.filter(
        (source) =>
          !/^(inline-worker:.*)?\/?(.*\/)?(webview|src\/core|src\/protocol|src\/l10n)\//.test(source),
      );
      expect(outside).toEqual([]);
    },
  );

  // React is about 60 KB of each.
  it.each([
    ['editor', 220],
    ['metrics', 220],
    ['gallery', 140],
  ])('%s starts with at most %d KB gzipped', (name, most) => {
    const sizes = outputsOf(meta, `dist/webview/${name}.js`, 'at start').outputs.map(
      (file) => gzipSync(readFileSync(path.join(repository, file)), { level: 9 }).byteLength,
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(most * KILOBYTE);
  });
});
