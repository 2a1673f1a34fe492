import { existsSync } from 'node:fs';
import { startTestbed } from '../../../scripts/testbed.mjs';
import { chromium, type Browser, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { screenshot } from '../../support/screenshots';
import { Originals } from './originals';

const SLOW = 60_000;

/** What has not come as a toast by then is looked for in the list of notifications, which new ones join. */
const TOAST_COMES = 5000;

export type Theme = 'dark' | 'light' | 'contrast-dark' | 'contrast-light';

/** How VS Code names a theme among others, and its class on the workbench. */
const THEMES: Readonly<Record<Theme, readonly [label: string, kind: string]>> = {
  dark: ['Dark 2026', 'vs-dark'],
  light: ['Light 2026', 'vs'],
  'contrast-dark': ['Dark High Contrast', 'hc-black'],
  'contrast-light': ['Light High Contrast', 'hc-light'],
};

/** What `startTestbed` of scripts/testbed.mjs gives. */
export interface Testbed {
  readonly url: string;
  readonly home: string;
  readonly log: string;
  stop(): Promise<void>;
}

export interface Workbench {
  readonly page: Page;
  /** Right-clicks a file of the Explorer and chooses from its menu. */
  explorerContextMenu(file: string, item: string): Promise<void>;
  /** Opens a file of the Explorer in its default editor. */
  openFile(file: string): Promise<void>;
  /** Runs a command by its title in the command palette. */
  quickCommand(title: string): Promise<void>;
  /** The visible webview in which `selector` is visible, waited for. */
  webview(selector: string, timeout?: number): Promise<FrameLocator>;
  /** A notification that holds this text, waited for. */
  notification(text: string | RegExp, timeout?: number): Promise<Locator>;
  closeNotifications(): Promise<void>;
  /** The name of the file in front, waited for. */
  expectInFront(file: string): Promise<void>;
  /** Whether the tab of that name has VS Code's dirty mark. */
  isDirty(tab: string): Promise<boolean>;
  setTheme(theme: Theme): Promise<void>;
  /** As a person reloads a window: a browser's own reload gives VS Code no time to remember what is open. */
  reload(): Promise<void>;
  /** Of a window that has lost its server: by its address, which asks nothing of the page. */
  load(): Promise<void>;
  /** Of the whole window, for people to look at. */
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts VS Code with the packaged extension; `MODEL_SURGERY_VSIX` names another package than the build's. Stopping it fails
 * where a model file that the workspace began with has other bytes by then, unless the test says that it `replaces` it.
 */
export async function openTestbed({
  replaces,
  ...options
}: {
  readonly workspace: string;
  readonly trust?: boolean;
  readonly language?: string;
  readonly replaces?: readonly string[];
}): Promise<Testbed> {
  const originals = new Originals(options.workspace, replaces);
  const vsix = process.env['MODEL_SURGERY_VSIX'];
  const testbed = await startTestbed({ ...options, ...(vsix !== undefined && { vsix }) });
  return {
    ...testbed,
    async stop() {
      await testbed.stop();
      originals.expectUnchanged();
    },
  };
}

/** A real VS Code in a real browser, its workbench drawn and our extension ready. */
export async function openWorkbench({ url }: Testbed): Promise<Workbench> {
  const browser = await launch();
  try {
    return await workbenchIn(browser, url);
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function workbenchIn(browser: Browser, url: string): Promise<Workbench> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(url, { timeout: SLOW });
  await workbenchReady(page);
  return {
    page,
    explorerContextMenu: (file, item) => explorerContextMenu(page, file, item),
    openFile: (file) => explorerItem(page, file).dblclick(),
    quickCommand: (title) => quickCommand(page, title),
    webview: (selector, timeout = SLOW) => webviewWith(page, selector, timeout),
    notification: (text, timeout = SLOW) => notification(page, text, timeout),
    closeNotifications: () => quickCommand(page, 'Notifications: Clear All Notifications'),
    expectInFront: (file) => page.locator(`.tab.active[data-resource-name="${file}"]`).first().waitFor(),
    isDirty: async (tab) => (await tabNamed(page, tab).getAttribute('class'))?.includes('dirty') ?? false,
    setTheme: (theme) => setTheme(page, theme),
    reload: () => reloadWindow(page),
    load: async () => {
      await page.goto(url, { timeout: SLOW });
      await workbenchReady(page);
    },
    screenshot: (name) => screenshot(page, name),
    close: () => browser.close(),
  };
}

function launch(): Promise<Browser> {
  const candidates = [process.env['CHROME_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser'];
  const executablePath = candidates.find((candidate) => candidate !== undefined && existsSync(candidate));
  if (executablePath === undefined) throw new Error('no Chromium found: install it, or set CHROME_PATH');
  return chromium.launch({
    executablePath,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}

/**
 * The Explorer is drawn before extensions are registered, and a model opened in between opens as text and stays so:
 * waits until the command palette has our command.
 */
async function workbenchReady(page: Page): Promise<void> {
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: SLOW });
  // In another language it is listed under that one's words, and found by these.
  const wanted = quickInput(page).locator('.monaco-list-row', {
    hasText: /Model Surgery: (Fine-tune|미세 조정)/,
  });
  for (let tries = 0; tries < 30; tries++) {
    await openPalette(page, 'Model Surgery: Fine-tune');
    const found = await wanted.waitFor({ timeout: longer(2000, tries) }).then(
      () => true,
      () => false,
    );
    await page.keyboard.press('Escape');
    await quickInput(page).waitFor({ state: 'hidden' });
    if (found) return;
  }
  throw new Error('the extension did not register its commands');
}

function quickInput(page: Page): Locator {
  return page.locator('.quick-input-widget');
}

/** What is tried again is given longer each time: a machine may be too busy for any haste. */
const longer = (milliseconds: number, tries: number) => Math.min(milliseconds * 1.2 ** tries, SLOW);

/** The palette closes when something else takes the focus, a webview that just loaded say: opened again then. */
async function openPalette(page: Page, text: string): Promise<void> {
  const input = quickInput(page).locator('input.input');
  for (let tries = 0; tries < 20; tries++) {
    await page.keyboard.press('F1');
    const filled = await input.fill(`>${text}`, { timeout: longer(1000, tries) }).then(
      () => true,
      () => false,
    );
    if (filled) return;
  }
  throw new Error(`the command palette did not stay open for "${text}"`);
}

async function quickCommand(page: Page, title: string): Promise<void> {
  const row = await findCommand(page, title);
  await row.click();
  await row.waitFor({ state: 'hidden' });
}

/** Opens the palette on a command, and stays until the command is listed; its keys are said after its title. */
async function findCommand(page: Page, title: string): Promise<Locator> {
  const row = quickInput(page)
    .locator(`.monaco-list-row[aria-label="${title}"], .monaco-list-row[aria-label^="${title}, "]`)
    .first();
  for (let tries = 0; tries < 10; tries++) {
    await openPalette(page, title);
    const found = await row.waitFor({ timeout: longer(2000, tries) }).then(
      () => true,
      () => false,
    );
    if (found) return row;
  }
  throw new Error(`the command palette does not list "${title}"`);
}

async function reloadWindow(page: Page): Promise<void> {
  const row = await findCommand(page, 'Developer: Reload Window');
  await Promise.all([page.waitForEvent('load', { timeout: SLOW }), row.click()]);
  await workbenchReady(page);
}

function explorerItem(page: Page, file: string): Locator {
  return page.locator('.explorer-folders-view .monaco-list-row').filter({
    has: page.getByText(file, { exact: true }),
  });
}

/** Menu items ignore clicks in their first 100 ms: clicked again until the menu is gone. */
async function explorerContextMenu(page: Page, file: string, item: string): Promise<void> {
  const entry = await openContextMenu(page, file, item);
  for (let tries = 0; tries < 20; tries++) {
    await entry.click({ timeout: 1000 }).catch(() => undefined);
    const gone = await entry.waitFor({ state: 'hidden', timeout: 500 }).then(
      () => true,
      () => false,
    );
    if (gone) return;
  }
  throw new Error(`the menu with "${item}" did not go away`);
}

/**
 * What of a menu is enabled stays so while it is open, and VS Code says late in its start that it trusts the workspace:
 * opened again until the item is enabled.
 */
async function openContextMenu(page: Page, file: string, item: string): Promise<Locator> {
  const entry = page.locator('.monaco-menu .action-item', { hasText: item }).first();
  for (let tries = 0; tries < 20; tries++) {
    await explorerItem(page, file).click({ button: 'right' });
    await entry.waitFor();
    if ((await entry.getAttribute('aria-disabled')) !== 'true') return entry;
    await page.keyboard.press('Escape');
    await entry.waitFor({ state: 'hidden' });
    await page.waitForTimeout(longer(200, tries));
  }
  throw new Error(`"${item}" of the menu is not enabled`);
}

/** Hidden webviews stay in the DOM, so the one wanted is known by what is visible in it. */
async function webviewWith(page: Page, selector: string, timeout: number): Promise<FrameLocator> {
  const outer = page.locator('iframe.webview.ready:visible');
  for (const end = Date.now() + timeout; Date.now() < end; await page.waitForTimeout(100)) {
    const count = await outer.count();
    for (let index = 0; index < count; index++) {
      // By its own name: which of them it is changes as others come and go.
      const name = await outer
        .nth(index)
        .getAttribute('name', { timeout: 1000 })
        .catch(() => null);
      if (name === null) continue;
      const frame = page.frameLocator(`iframe.webview[name="${name}"]`).frameLocator('#active-frame');
      const visible = await frame
        .locator(selector)
        .first()
        .isVisible()
        .catch(() => false);
      if (visible) return frame;
    }
  }
  throw new Error(`no webview shows ${selector} after ${timeout} ms`);
}

/**
 * As a toast, else in the list of them: a toast goes after ten seconds, and of more than three within 800 ms only three
 * are shown.
 */
async function notification(page: Page, text: string | RegExp, timeout: number): Promise<Locator> {
  const told = page.locator('.notification-list-item', { hasText: text }).filter({ visible: true }).first();
  const comesAsToast = await told.waitFor({ timeout: TOAST_COMES }).then(
    () => true,
    () => false,
  );
  if (comesAsToast) return told;
  await quickCommand(page, 'Notifications: Show Notifications');
  await told.waitFor({ timeout });
  return told;
}

function tabNamed(page: Page, name: string): Locator {
  return page.locator(`.tabs-container .tab[data-resource-name="${name}"]`).first();
}

async function setTheme(page: Page, theme: Theme): Promise<void> {
  const [label, kind] = THEMES[theme];
  const wanted = page.locator(`.monaco-workbench.${kind}`);
  if (await wanted.isVisible()) return;
  await quickCommand(page, 'Preferences: Color Theme');
  // The list of themes comes in the place of that of commands.
  await quickInput(page).locator('input.input[placeholder*="Color Theme"]').fill(label);
  const row = quickInput(page).locator('.monaco-list-row', { hasText: label }).first();
  await row.click();
  await wanted.waitFor();
  await row.waitFor({ state: 'hidden' });
}
