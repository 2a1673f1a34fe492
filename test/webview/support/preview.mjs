/**
 * The editor on a page for people, with a fake host and the real core behind it: `node test/webview/support/preview.mjs
 * [port]`, after `npm run build`. `?theme=light` or `contrast` chooses the theme, `#inception` or `#long` the graph.
 */
import { build } from 'esbuild';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const support = path.dirname(fileURLToPath(import.meta.url));

async function bundle(entry, options) {
  const { outputFiles } = await build({
    entryPoints: [path.join(support, entry)],
    bundle: true,
    write: false,
    target: 'es2022',
    ...options,
  });
  return outputFiles[0].text;
}

const host = await bundle('previewHost.ts', { format: 'iife' });
const page = await bundle('page.ts', {
  format: 'esm',
  platform: 'node',
  define: { 'import.meta.dirname': JSON.stringify(support) },
});
const { serveWebviews } = await import(`data:text/javascript,${encodeURIComponent(page)}`);
const server = await serveWebviews({ port: Number(process.argv[2] ?? 4173), before: host });
console.log(`the editor with a fake host: ${server.url('editor', 'dark')}`);
