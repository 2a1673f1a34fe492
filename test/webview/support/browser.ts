import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { editorMessages } from '../../../src/host/pageMessages/editorMessages';
import { galleryMessages } from '../../../src/host/pageMessages/galleryMessages';
import { readMessage } from '../../../src/host/pageMessages/readMessage';
import { runPanelMessages } from '../../../src/host/pageMessages/runPanelMessages';
import { axeFindings } from '../../support/axe';
import { screenshot } from '../../support/screenshots';
import { bundleFolder, serveWebviews } from './page';
import type { Bundle, Language, WebviewServer } from './page';
import type { ThemeName } from './themes';

/** One browser and one server for a test file. `open` gives each test a page of its own. */
export interface WebviewBrowser {
  open<Incoming, Outgoing extends { readonly type: string }>(
    bundle: Bundle,
    options?: OpenOptions,
  ): Promise<Webview<Incoming, Outgoing>>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly theme?: ThemeName;
  /** What the page speaks; English where it is left out. */
  readonly language?: Language;
  readonly width?: number;
  readonly height?: number;
  /** What VS Code kept of a page that was here before. */
  readonly remembered?: unknown;
}

/** A webview on a page: the test is its host. */
export interface Webview<Incoming, Outgoing extends { readonly type: string }> {
  readonly page: Page;
  /** Sends a message as the host would. */
  send(message: Incoming): Promise<void>;
  /** Everything posted so far, oldest first. */
  posts(): Promise<readonly Outgoing[]>;
  /** Those of one type. */
  postsOf<Type extends Outgoing['type']>(
    type: Type,
  ): Promise<readonly Extract<Outgoing, { readonly type: Type }>[]>;
  /** The first post of a type at or after `from`, waited for. */
  nextPost<Type extends Outgoing['type']>(
    type: Type,
    from?: number,
  ): Promise<Extract<Outgoing, { readonly type: Type }>>;
  /** Of what the page shows, for people to look at. */
  screenshot(name: string): Promise<void>;
  /** What went wrong by itself: console errors, exceptions, violations of the content security policy. */
  complaints(): Promise<readonly string[]>;
  /** axe-core's serious and critical findings, one line each. */
  accessibilityFindings(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export function chromiumPath(): string {
  const candidates = [process.env['CHROME_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser'];
  const found = candidates.find((candidate) => candidate !== undefined && existsSync(candidate));
  if (found === undefined) throw new Error('no Chromium found: install it, or set CHROME_PATH to its path');
  return found;
}

export async function launchWebviews(): Promise<WebviewBrowser> {
  if (!existsSync(bundleFolder())) {
    throw new Error(`no webview bundles in ${bundleFolder()}: run "npm run build" first`);
  }
  const server = await serveWebviews();
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    open: (bundle, options) => openWebview(browser, server, bundle, options),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

async function openWebview<Incoming, Outgoing extends { readonly type: string }>(
  browser: Browser,
  server: WebviewServer,
  bundle: Bundle,
  { theme = 'dark', language, width = 1280, height = 800, remembered }: OpenOptions = {},
): Promise<Webview<Incoming, Outgoing>> {
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.addInitScript((state) => Object.assign(window, { remembered: state }), remembered);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      errors.push(`${message.type()}: ${message.text()}`);
    }
  });
  await page.goto(server.url(bundle, theme, language));

  const posts = async () => {
    const posted = await page.evaluate(() => (window as unknown as { posts: unknown[] }).posts);
    // What a page posts its host takes: it would refuse anything else.
    return posted.map((post) => believe(bundle, post)) as unknown as readonly Outgoing[];
  };
  const postsOf = async <Type extends Outgoing['type']>(type: Type) =>
    (await posts()).filter((post): post is Extract<Outgoing, { readonly type: Type }> => post.type === type);
  return {
    page,
    send: (message) => page.evaluate(sendAndDraw, message as unknown),
    posts,
    postsOf,
    nextPost: async (type, from = 0) => {
      await page.waitForFunction(
        ([wanted, start]) =>
          (window as unknown as { posts: { type: string }[] }).posts
            .slice(start)
            .some((post) => post.type === wanted),
        [type, from] as const,
      );
      const found = (await posts()).slice(from).find((post) => post.type === type);
      return found as Extract<Outgoing, { readonly type: typeof type }>;
    },
    screenshot: (name) => screenshot(page, name),
    complaints: async () => [
      ...errors,
      ...(await page.evaluate(() => (window as unknown as { violations: string[] }).violations)),
    ],
    accessibilityFindings: () => axeFindings(page),
    close: () => context.close(),
  };
}

function believe(bundle: Bundle, post: unknown): unknown {
  switch (bundle) {
    case 'editor':
      return readMessage(editorMessages, post);
    case 'metrics':
      return readMessage(runPanelMessages, post);
    case 'gallery':
      return readMessage(galleryMessages, post);
  }
}

/** In the page: until a message has been heard, and what it changes is drawn. */
async function sendAndDraw(message: unknown): Promise<void> {
  const heard = new Promise<void>((done) => {
    window.addEventListener('message', () => done(), { once: true });
  });
  window.postMessage(message, '*');
  await heard;
  await new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
}
