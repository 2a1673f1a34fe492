import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { settingLanguage } from '../l10n/settingLanguage';
import { t } from '../l10n/translate';

export type WebviewName = 'editor' | 'metrics' | 'gallery';

const TITLES: Readonly<Record<WebviewName, string>> = {
  editor: 'Model Surgery',
  metrics: t('Runs'),
  gallery: t('Pretrained Models'),
};

/** The one folder a webview may read: its own bundles. */
function rootOf(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'dist', 'webview');
}

export function webviewOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [rootOf(extension)] };
}

/**
 * The page of a webview. Nothing runs but what has this page's nonce and what that imports; styles come from the bundle, fonts
 * and images likewise; a worker starts from a blob, the only form that webviews allow. The `csp-nonce` element is
 * for the UI toolkit, which adds one style of its own to probe the browser. The page speaks as this process does.
 */
export function webviewHtml(webview: vscode.Webview, extension: vscode.Uri, name: WebviewName): string {
  const spoken = globalThis.modelSurgeryLanguage?.sentences;
  const nonce = randomBytes(16).toString('base64url');
  const uri = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(rootOf(extension), file)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
    `worker-src blob:`,
  ].join('; ');
  return `<!doctype html>
<html lang="${spoken ? vscode.env.language : 'en'}">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta property="csp-nonce" content="${nonce}" />
    <link rel="stylesheet" href="${uri(`${name}.css`)}" />
    <title>${TITLES[name]}</title>
    ${spoken ? `<script nonce="${nonce}">${settingLanguage(spoken)}</script>` : ''}
  </head>
  <body>
    <div id="root"></div>
    <script type="module" nonce="${nonce}" src="${uri(`${name}.js`)}"></script>
  </body>
</html>`;
}
