/**
 * A real VS Code (code-server) on a port of this machine, with the packaged extension installed. The demo shows it
 * to a person; the tests drive it.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { testbed } from './setup.mjs';
import { execute, SetupError } from './steps.mjs';

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.reduceMotion': 'on',
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'window.commandCenter': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  // In a browser VS Code saves by itself after a second; on a desktop, which this stands for, it does not.
  'files.autoSave': 'off',
};

/** As VS Code keeps what it knows of the packs that are installed. */
function writeLanguagePack(user, language) {
  const words = path.join(user, `${language}.i18n.json`);
  writeFileSync(words, JSON.stringify({ version: '1.0.0', contents: {} }));
  const extension = { extensionIdentifier: { id: `model-surgery.${language}` }, version: '1.0.0' };
  const pack = { hash: language, extensions: [extension], translations: { vscode: words }, label: language };
  writeFileSync(path.join(user, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * @param workspace the folder to open
 * @param home kept by the caller to start the same VS Code again; made up, and removed at the end, where left out
 * @param settings user settings over the quiet defaults
 * @param trust false to take part in workspace trust, as a stranger's folder would
 * @param language of a pack that has none of VS Code's own words: what an extension says is in it, and the rest English
 * @returns `{ url, home, log, pid, stop }`; `stop` ends the whole process group
 */
export async function startTestbed({
  workspace,
  home,
  port,
  settings = {},
  trust = true,
  language,
  vsix = testbed.vsix,
}) {
  const kept = home !== undefined;
  const folder = home ?? mkdtempSync(path.join(os.tmpdir(), 'model-surgery-vscode-'));
  const at = (name) => path.join(folder, name);
  mkdirSync(at('user/User'), { recursive: true });
  mkdirSync(at('tmp'), { recursive: true });
  const userSettings = { ...SETTINGS, 'security.workspace.trust.enabled': !trust, ...settings };
  writeFileSync(at('user/User/settings.json'), JSON.stringify(userSettings, null, 2));
  writeFileSync(at('config.yaml'), '');
  if (language !== undefined) writeLanguagePack(at('user'), language);
  const env = {
    ...process.env,
    PATH: `${path.dirname(testbed.node)}${path.delimiter}${process.env.PATH}`,
    HOME: folder,
    TMPDIR: at('tmp'),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
  };
  const places = [
    ...['--config', at('config.yaml')],
    ...['--user-data-dir', at('user')],
    ...['--extensions-dir', at('extensions')],
  ];
  await execute(testbed.node, [testbed.entry, ...places, '--install-extension', vsix, '--force'], { env });

  const address = `127.0.0.1:${port ?? (await freePort())}`;
  const log = at('server.log');
  const out = openSync(log, 'a');
  const server = spawn(
    testbed.node,
    [
      testbed.entry,
      ...places,
      ...['--auth', 'none', '--bind-addr', address],
      '--disable-telemetry',
      '--disable-update-check',
      ...(trust ? ['--disable-workspace-trust'] : []),
      '--disable-getting-started-override',
      '--ignore-last-opened',
      ...(language === undefined ? [] : ['--locale', language]),
    ],
    { env, detached: true, stdio: ['ignore', out, out] },
  );
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const stop = async () => {
    try {
      process.kill(-server.pid, 'SIGTERM');
    } catch {
      // Already gone.
    }
    const timer = setTimeout(() => process.kill(-server.pid, 'SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
    if (!kept) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  for (let tries = 0; ; tries++) {
    const healthy = await fetch(`http://${address}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) break;
    if (server.exitCode !== null || tries > 150) {
      await stop();
      throw new SetupError(`the VS Code server did not start on ${address}: see ${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    url: `http://${address}/?folder=${encodeURIComponent(workspace)}`,
    home: folder,
    log,
    pid: server.pid,
    ended,
    stop,
  };
}
