import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Edit, EditorToHost, HostToEditor } from '../../../src/protocol/editor';
import type { OpenOptions, Webview, WebviewBrowser } from './browser';
import type { EditorHost } from './editorHost';
import { InspectionHost } from './inspectionHost';
import { chunksOf } from './page';

/** An editor on a page with a host behind it. */
export interface EditorSession {
  readonly view: Webview<HostToEditor, EditorToHost>;
  readonly page: Page;
  /** Answers what has been posted since, until nothing more comes. */
  settle(): Promise<void>;
  /** Edits posted so far. */
  edits(): Promise<readonly Edit[]>;
  /** The card of a layer, by name. */
  card(name: string): ReturnType<Page['locator']>;
  selected(): Promise<readonly string[]>;
}

export async function openEditor(
  browser: WebviewBrowser,
  host: EditorHost,
  options?: OpenOptions,
): Promise<EditorSession> {
  const view = await browser.open<HostToEditor, EditorToHost>('editor', options);
  const { page } = view;
  let answered = 0;
  const sent: Promise<void>[] = [];
  const looking: (Promise<void> | undefined)[] = [];
  const inspection = new InspectionHost(
    () => host.graph,
    (message) => sent.push(view.send(message)),
  );
  const drawn = () =>
    page.evaluate(
      () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
    );
  const settle = async () => {
    await drawn();
    for (let posts = await view.posts(); answered < posts.length; posts = await view.posts()) {
      for (const post of posts.slice(answered)) {
        answered++;
        // Not waited for before the next, which may end it.
        looking.push(inspection.receive(post));
        for (const message of host.answer(post)) await view.send(message);
      }
      await Promise.all(looking.splice(0));
      await Promise.all(sent.splice(0));
      await drawn();
    }
  };
  const card = (name: string) =>
    page.locator('.react-flow__node').filter({ has: page.locator(`.layer-name > [title="${name}"]`) });
  await view.nextPost('ready');
  await settle();
  const first = page.locator('.react-flow__node').first();
  await first.waitFor();
  await partsFetched(page);
  await standing(first);
  return {
    view,
    page,
    settle,
    card,
    edits: async () => (await view.postsOf('edit')).map(({ edit }) => edit),
    selected: () =>
      page
        .locator('.layer[data-selected] .layer-name > [title]')
        .evaluateAll((names) => names.map((name) => name.getAttribute('title') ?? '')),
  };
}

/** Waits until an element is where it was a moment before: cards move until the camera has found its place. */
async function standing(element: Locator): Promise<void> {
  let before = '';
  const moved = async () => {
    const place = JSON.stringify(await element.boundingBox());
    const same = place === before;
    before = place;
    return !same;
  };
  await expect.poll(moved).toBe(false);
}

/** What the page fetches when it is idle, so that no test begins in the middle of it. */
async function partsFetched(page: Page): Promise<void> {
  const chunks = [...chunksOf('editor')];
  const missing = async () => {
    const fetched = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
    );
    return chunks.filter((chunk) => !fetched.includes(chunk));
  };
  await expect.poll(missing).toEqual([]);
}
