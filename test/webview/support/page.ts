import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import type { Metafile } from 'esbuild';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { settingLanguage } from '../../../src/l10n/settingLanguage';
import { koreanSentences } from '../../support/korean';
import { THEME_CLASS, themeStyles } from './themes';
import type { ThemeName } from './themes';

/**
 * A plain web page around one webview bundle, as strict as VS Code's: the same content security policy and theme
 * variables, with a bridge that records what the webview posts (`window.posts`) and keeps its state
 * (`window.remembered`).
 */

export type Language = 'en' | 'ko';

export type Bundle = (typeof BUNDLES)[number];

const BUNDLES = ['editor', 'metrics', 'gallery'] as const;

const root = path.resolve(import.meta.dirname, '../../..');

/** Where the bundles are; `MODEL_SURGERY_WEBVIEW` names another folder than the build's. */
export function bundleFolder(): string {
  return path.resolve(root, process.env['MODEL_SURGERY_WEBVIEW'] ?? 'dist/webview');
}

const NONCE = 'bm9uY2UtZm9yLXRlc3Rz';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
  '.html': 'text/html',
};

export function contentSecurityPolicy(source: string, nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} 'nonce-${nonce}'`,
    `font-src ${source}`,
    `img-src ${source} data:`,
    `worker-src blob:`,
  ].join('; ');
}

/** `before` runs in the page once the bridge is there, before the bundle: the preview's fake host. */
function html(bundle: Bundle, theme: ThemeName, source: string, before: string, language: Language): string {
  const hasStyles = existsSync(path.join(bundleFolder(), `${bundle}.css`));
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<title>Model Surgery: ${bundle}</title>
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(source, NONCE)}">
<meta property="csp-nonce" content="${NONCE}">
<link rel="stylesheet" href="/theme-${theme}.css">
${hasStyles ? `<link rel="stylesheet" href="/${bundle}.css">` : ''}
</head>
<body class="${THEME_CLASS[theme]}" data-vscode-theme-kind="${THEME_CLASS[theme].split(' ')[0]}">
<div id="root"></div>
<script nonce="${NONCE}">
  window.posts = [];
  window.violations = [];
  document.addEventListener('securitypolicyviolation', (event) =>
    window.violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile));
  {
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => {
        window.posts.push(structuredClone(message));
        window.dispatchEvent(new CustomEvent('posted', { detail: message }));
      },
      getState: () => window.remembered,
      setState: (next) => { window.remembered = structuredClone(next); return next; },
    });
  }
</script>
${language === 'en' ? '' : `<script nonce="${NONCE}">${settingLanguage(koreanSentences())}</script>`}
${before === '' ? '' : `<script nonce="${NONCE}">${before}</script>`}
<script type="module" nonce="${NONCE}" src="/${bundle}.js"></script>
</body>
</html>`;
}

export interface WebviewServer {
  readonly address: string;
  url(bundle: Bundle, theme: ThemeName, language?: Language): string;
  close(): Promise<void>;
}

/** Serves the page and the bundles on a free port of this machine. */
export async function serveWebviews(
  options: { port?: number; before?: string } = {},
): Promise<WebviewServer> {
  let address = '';
  const answer = async (request: string, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request, address);
    const theme = (searchParams.get('theme') ?? 'dark') as ThemeName;
    const named = /^\/theme-(dark|light|contrast|contrastLight)\.css$/.exec(pathname);
    const bundle = BUNDLES.find((name) => pathname === `/${name}`);
    if (bundle) {
      const language = searchParams.get('language') === 'ko' ? 'ko' : 'en';
      send(response, '.html', html(bundle, theme, address, options.before ?? '', language));
    } else if (pathname === '/favicon.ico') {
      response.writeHead(204).end();
    } else if (named) {
      send(response, '.css', themeStyles(named[1] as ThemeName));
    } else {
      const file = path.join(bundleFolder(), path.posix.normalize(pathname));
      send(response, path.extname(file), await readFile(file));
    }
  };
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response).catch(() => response.writeHead(404).end());
  });
  await new Promise<void>((listening) => server.listen(options.port ?? 0, '127.0.0.1', listening));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the page server has no port');
  address = `http://127.0.0.1:${bound.port}`;
  return {
    address,
    url: (bundle, theme, language = 'en') => `${address}/${bundle}?theme=${theme}&language=${language}`,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}

function send(response: ServerResponse, extension: string, body: string | Buffer): void {
  response.writeHead(200, { 'content-type': TYPES[extension] ?? 'application/octet-stream' }).end(body);
}

/** The scripts that a bundle fetches besides its own, at once or later, as the page asks for them. */
export function chunksOf(bundle: Bundle): ReadonlySet<string> {
  const root = path.resolve(bundleFolder(), '..');
  const meta = JSON.parse(readFileSync(path.join(root, 'meta-webview.json'), 'utf8')) as Metafile;
  const folder = 'dist/webview';
  const chunks = new Set<string>();
  const queue = [`${folder}/${bundle}.js`];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    for (const { path: imported, external } of meta.outputs[file]?.imports ?? []) {
      const chunk = imported.slice(folder.length);
      if (external || chunks.has(chunk)) continue;
      chunks.add(chunk);
      queue.push(imported);
    }
  }
  return chunks;
}
