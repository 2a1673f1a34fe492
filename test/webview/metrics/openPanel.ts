import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { RunEvent } from '../../../src/core/run/events';
import type { HostToRunPanel, RunPanelToHost, RunView } from '../../../src/protocol/runPanel';
import { launchWebviews, type OpenOptions, type Webview, type WebviewBrowser } from '../support/browser';

export type Panel = Webview<HostToRunPanel, RunPanelToHost>;

/** Opens run panels for the tests of a file; each must end without a complaint of the browser. */
export function panels(): (
  run: RunView,
  events: readonly RunEvent[],
  options: OpenOptions,
) => Promise<Panel> {
  let browser: WebviewBrowser;
  const opened: Panel[] = [];
  beforeAll(async () => {
    browser = await launchWebviews();
    // A browser asks a site for its icon once, and logs an error where there is none: on this page, not in a test.
    const first = await browser.open<HostToRunPanel, RunPanelToHost>('metrics');
    await first.page.waitForLoadState('networkidle');
    await first.close();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const panel of opened.splice(0)) {
      expect(await panel.complaints()).toEqual([]);
      await panel.close();
    }
  });
  return async (run, events, options) => {
    const panel = await browser.open<HostToRunPanel, RunPanelToHost>('metrics', options);
    opened.push(panel);
    await panel.nextPost('ready');
    await panel.send({ type: 'runs', protocol: 1, runs: [run], shown: run.id });
    await panel.send({ type: 'history', run, events });
    await panel.page.locator('.run-body').waitFor();
    return panel;
  };
}
