import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { RunEvent } from '../../../src/core/run/events';
import type { HostToRunPanel, RunPanelToHost, RunView } from '../../../src/protocol/runPanel';
import { launchWebviews, type OpenOptions, type Webview, type WebviewBrowser } from '../support/browser';

export type Panel = Webview<HostToRunPanel, RunPanelToHost>;

/** Pages without a run for the tests of a file; each must end without a complaint of the browser. */
export function emptyPanels(): (options: OpenOptions) => Promise<Panel> {
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
  return async (options) => {
    const panel = await browser.open<HostToRunPanel, RunPanelToHost>('metrics', options);
    opened.push(panel);
    await panel.nextPost('ready');
    return panel;
  };
}

/** The same on a run: a panel is open when the run's curves are there, or what `until` selects. */
export function panels(): (
  run: RunView,
  events: readonly RunEvent[],
  options: OpenOptions,
  until?: string,
) => Promise<Panel> {
  const open = emptyPanels();
  return async (run, events, options, until = '.run-body') => {
    const panel = await open(options);
    await panel.send({ type: 'runs', protocol: 1, runs: [run], shown: run.id });
    await panel.send({ type: 'history', run, events });
    await panel.page.locator(until).first().waitFor();
    return panel;
  };
}
