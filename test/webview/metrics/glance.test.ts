import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/run/events';
import { panels } from './openPanel';
import { runView, trainingEvents } from './trainingRun';

const openOn = panels();

const finished = (): RunEvent[] => [
  ...trainingEvents({ epochs: 12, stepsPerEpoch: 47, epochsDone: 12, top5: true, until: Date.now() }),
  { type: 'end', status: 'finished', time: Date.now(), model: ['model/model.h5'] },
];
const running = (): RunEvent[] =>
  trainingEvents({
    ...{ epochs: 12, stepsPerEpoch: 47, epochsDone: 7, stepsMore: 20, top5: true, until: Date.now() },
  });

describe('loss, accuracy and top-5, of training and validation, are one glance', () => {
  it.each([
    ['panel', { width: 1200, height: 300 }, 'dark', 'running'],
    ['panel', { width: 1200, height: 300 }, 'light', 'finished'],
    ['panel', { width: 1200, height: 300 }, 'contrast', 'finished'],
    ['tab', { width: 1200, height: 800 }, 'dark', 'finished'],
    ['tab', { width: 1200, height: 800 }, 'light', 'running'],
  ] as const)('in a %s of %j, %s: a run that is %s', async (place, size, theme, status) => {
    const events = status === 'running' ? running() : finished();
    const panel = await openOn(runView({ id: '/runs/3', status }), events, { ...size, theme });
    const charts = panel.page.locator('.chart');
    expect(await charts.count()).toBe(3);
    await panel.screenshot(`glance-${place}-${theme}-${status}`);
    for (const chart of await charts.all()) {
      const box = await chart.boundingBox();
      const plot = await chart.locator('.plot').boundingBox();
      if (!box || !plot) throw new Error('a chart has no box');
      // All of it is in the window, and tall enough to read.
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(size.width + 0.5);
      expect(box.y + box.height).toBeLessThanOrEqual(size.height + 0.5);
      expect(plot.height).toBeGreaterThan(130);
      // Both curves have their values in the legend, whole; so has the title its words.
      const cut = await chart
        .locator('.chart-header h2, .legend')
        .evaluateAll((parts) => parts.filter((part) => part.scrollWidth > part.clientWidth + 1).length);
      expect(cut).toBe(0);
      for (const curve of ['training', 'validation'])
        expect(await chart.locator(`.legend-entry.${curve} b`).innerText()).toMatch(/\d/);
    }
    // Nothing pushes a chart out of its header.
    const overflowing = await panel.page
      .locator('.chart-header')
      .evaluateAll((headers) => headers.filter((header) => header.scrollWidth > header.clientWidth).length);
    expect(overflowing).toBe(0);
  });
});
