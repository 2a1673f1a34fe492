import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchWebviews } from './browser';
import type { OpenOptions, WebviewBrowser } from './browser';
import type { EditorHost } from './editorHost';
import { openEditor } from './editorSession';
import type { EditorSession } from './editorSession';

/**
 * One browser for a test file, and a page for each test, closed after it. A page that complained by itself, on its
 * console or of its content security policy, fails its test.
 */
export function editorPages(): {
  open(host: EditorHost, options?: OpenOptions): Promise<EditorSession>;
  /** For tests whose host is written by hand; what it opens is theirs to close. */
  readonly browser: WebviewBrowser;
} {
  let browser: WebviewBrowser;
  const sessions: EditorSession[] = [];

  beforeAll(async () => {
    browser = await launchWebviews();
  });

  afterAll(() => browser.close());

  afterEach(async () => {
    const complaints: string[] = [];
    for (const { view } of sessions.splice(0)) {
      complaints.push(...(await view.complaints()));
      await view.close();
    }
    expect(complaints).toEqual([]);
  });

  return {
    async open(host, options) {
      const session = await openEditor(browser, host, options);
      sessions.push(session);
      return session;
    },
    get browser() {
      return browser;
    },
  };
}
