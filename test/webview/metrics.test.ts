import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/run/events';
import type { RunView } from '../../src/protocol/runPanel';
import { findBestEpoch } from '../../webview/metrics/bestEpoch';
import { formatLoss, formatShare } from '../../webview/metrics/formatNumbers';
import type { OpenOptions } from './support/browser';
import { emptyPanels, type Panel } from './metrics/openPanel';
import { lastEpoch, runView, trainingEvents } from './metrics/trainingRun';

const PANEL = { width: 1100, height: 250 } as const;
const TAB = { width: 1180, height: 860 } as const;

const open = emptyPanels();

/** Opens the panel on one run, with older ones in its list. */
async function openOn(
  options: OpenOptions,
  run: RunView,
  events: readonly RunEvent[],
  place?: 'tab',
): Promise<Panel> {
  const panel = await open(options);
  const older = [
    runView({
      id: '/runs/2',
      name: 'digits-0-4 lower rate',
      status: 'finished',
      startedAt: Date.now() - 40.5 * 60_000,
    }),
    runView({
      id: '/runs/1',
      name: 'digits-0-4 first try',
      status: 'failed',
      startedAt: Date.now() - 26 * 3600_000,
    }),
  ];
  await panel.send({
    type: 'runs',
    protocol: 1,
    runs: [run, ...older],
    shown: run.id,
    ...(place === undefined ? {} : { place }),
  });
  await panel.send({ type: 'history', run, events });
  await panel.page.locator('.run-body').waitFor();
  return panel;
}

const running = () =>
  trainingEvents({ epochs: 12, stepsPerEpoch: 47, epochsDone: 7, stepsMore: 20, until: Date.now() });
const complete = (changes: { top5?: boolean } = {}) =>
  trainingEvents({ epochs: 12, stepsPerEpoch: 47, epochsDone: 12, until: Date.now(), ...changes });
const ended = (events: RunEvent[], end: Partial<Extract<RunEvent, { type: 'end' }>> = {}): RunEvent[] => [
  ...events,
  {
    type: 'end',
    status: 'finished',
    time: Date.now(),
    model: ['model/model.json', 'model/model.h5'],
    ...end,
  },
];

const warning = {
  type: 'warning',
  time: Date.now(),
  code: 'IMAGE_UNREADABLE',
  message: 'digits-5-9/7/0113.png: not a PNG, as its name says; left out',
} as const;
const outOfMemory = {
  code: 'ENGINE_OUT_OF_MEMORY',
  message:
    'digits-0-4.h5: the step asked for 1.9 GB of the 2 GB that WebAssembly can address; use a smaller batchSize (32 now)',
};
const live = () => runView({ id: '/runs/3', status: 'running' });

const legend = (panel: Panel, chart: string, curve: 'training' | 'validation') =>
  panel.page.locator(`.chart[aria-label="${chart}"] .legend-entry.${curve} b`);
const stat = async (panel: Panel, title: string) =>
  panel.page.locator('.stat', { hasText: title }).locator('dd').innerText();
/** Two frames: the store gathers for one, and what follows from it is drawn by the next. */
const drawn = (panel: Panel) =>
  panel.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

describe('a running run', () => {
  it.each([
    ['panel-dark', PANEL, 'dark', undefined],
    ['panel-light', PANEL, 'light', undefined],
    ['panel-contrast', PANEL, 'contrast', undefined],
    ['panel-tab-dark', TAB, 'dark', 'tab'],
    ['panel-tab-light', TAB, 'light', 'tab'],
    ['panel-narrow-dark', { width: 420, height: 760 }, 'dark', undefined],
  ] as const)('is drawn for people of all eyes: %s', async (name, size, theme, place) => {
    const panel = await openOn({ ...size, theme }, live(), [...running(), warning], place);
    await drawn(panel);
    await panel.screenshot(name);
    expect(await panel.accessibilityFindings()).toEqual([]);
  });

  it('says where it is', async () => {
    const events = running();
    const panel = await openOn(PANEL, live(), events);
    const { metrics } = lastEpoch(events);
    const best = findBestEpoch(events.filter((event) => event.type === 'epoch'));
    await panel.page.getByText('Epoch 8 of 12').waitFor();
    const bar = panel.page.getByRole('progressbar');
    expect(await bar.getAttribute('aria-valuetext')).toBe('step 349 of 564');
    expect(await bar.getAttribute('aria-valuenow')).toBe('61');
    expect(await stat(panel, 'Samples/s')).toBe('200');
    expect(await stat(panel, 'Time left')).toMatch(/^3\ds$/);
    expect(await stat(panel, 'Best val. accuracy')).toContain(formatShare(best?.value ?? NaN));
    expect(await stat(panel, 'Best val. accuracy')).toContain(`epoch ${best?.epoch}`);
    expect(await legend(panel, 'Loss', 'validation').innerText()).toBe(
      formatLoss(metrics['val_loss'] ?? NaN),
    );
    expect(await legend(panel, 'Accuracy', 'validation').innerText()).toBe(
      formatShare(metrics['val_accuracy'] ?? NaN),
    );
    expect(await panel.page.locator('.engine').innerText()).toContain('WebAssembly SIMD, 2 cores');
    expect(await panel.page.getByRole('status').innerText()).toContain('Epoch 7 of 12: loss');
  });

  it('takes in a live stream, a redraw a frame', async () => {
    const all = running();
    const panel = await openOn(PANEL, live(), all.slice(0, 2));
    await panel.page.getByText('Preparing the first step').waitFor();
    await panel.screenshot('panel-preparing');
    const redraws = await panel.page.evaluate(async (events) => {
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      await frame();
      let cleared = 0;
      const clearRect = CanvasRenderingContext2D.prototype.clearRect;
      CanvasRenderingContext2D.prototype.clearRect = function (...area) {
        cleared++;
        clearRect.apply(this, area);
      };
      for (const event of events) {
        const data = { type: 'events', id: '/runs/3', status: 'running', events: [event] };
        window.dispatchEvent(new MessageEvent('message', { data }));
      }
      await frame();
      await frame();
      CanvasRenderingContext2D.prototype.clearRect = clearRect;
      return cleared;
    }, all.slice(2));
    expect(all.length).toBeGreaterThan(300);
    // Two charts, and each may clear its canvas once more when its axes have been measured.
    expect(redraws).toBeLessThanOrEqual(4);
    await panel.page.getByText('Step 349 of 564').waitFor();
    expect(await panel.page.getByRole('status').innerText()).toContain('Epoch 7 of 12');
  });

  it('shows the same after it was closed and opened again', async () => {
    const all = running();
    const first = await openOn(PANEL, live(), all.slice(0, 200));
    await first.send({ type: 'events', id: '/runs/3', status: 'running', events: all.slice(200) });
    await first.page.getByText('Step 349 of 564').waitFor();
    const again = await openOn(PANEL, live(), all);
    const texts = (panel: Panel) => panel.page.locator('.chart-header, .live').allInnerTexts();
    expect(await texts(again)).toEqual(await texts(first));
  });

  it('is stopped by a click, and says so until it has', async () => {
    const events = running();
    const panel = await openOn(PANEL, live(), events);
    await panel.page.getByText('Stop', { exact: true }).click();
    expect(await panel.postsOf('stop')).toEqual([{ type: 'stop', id: '/runs/3' }]);
    const button = panel.page.locator('vscode-button.stop');
    expect(await button.innerText()).toContain('Stopping…');
    expect(await button.getAttribute('disabled')).not.toBeNull();
    await panel.screenshot('panel-stopping');
    const end: RunEvent = { type: 'end', status: 'stopped', time: Date.now(), model: ['model/model.json'] };
    await panel.send({ type: 'events', id: '/runs/3', status: 'stopped', events: [end] });
    await panel.page.getByText('Stopped in epoch 8 of 12').waitFor();
    expect(await button.count()).toBe(0);
  });

  it('lists what it was warned of, once each', async () => {
    const panel = await openOn(TAB, live(), [...running(), warning, warning, warning]);
    await panel.page.getByText('1 warning').click();
    expect(await panel.page.locator('.warnings li').innerText()).toBe(`${warning.code} ${warning.message}×3`);
  });

  it('marks phases and a loss that went out of bounds', async () => {
    const events = running();
    const phase: RunEvent = {
      type: 'phase',
      time: Date.now(),
      phase: 1,
      epoch: 5,
      trainableLayers: 11,
      frozenLayers: 0,
    };
    const fifth = events.findIndex((event) => event.type === 'step' && event.epoch === 5);
    const split = events.map((event) =>
      event.type === 'step' && event.step > 330
        ? { ...event, metrics: { ...event.metrics, loss: NaN } }
        : event,
    );
    // As a line of JSON carries it.
    const sent = JSON.parse(JSON.stringify(split.toSpliced(fifth, 0, phase))) as RunEvent[];
    const panel = await openOn({ ...TAB, theme: 'light' }, live(), sent);
    await panel.page.getByText('Phase 2: 11 layers in training, 0 frozen').waitFor();
    await panel.page.getByText('1 warning').click();
    expect(await panel.page.locator('.warnings li').innerText()).toContain('from step 331 on');
    await panel.screenshot('panel-tab-phases');
  });
});

describe('the charts', () => {
  it('read out one step together', async () => {
    const panel = await openOn(PANEL, live(), running());
    const latest = await legend(panel, 'Accuracy', 'training').innerText();
    await panel.page
      .locator('.plot')
      .first()
      .hover({ position: { x: 150, y: 60 } });
    await drawn(panel);
    await panel.screenshot('panel-hover');
    const tags = await panel.page.locator('.cursor-tag').allInnerTexts();
    expect(tags[0]).toMatch(/^step \d+ · epoch \d$/);
    expect(tags[1]).toBe(tags[0]);
    expect(await legend(panel, 'Accuracy', 'training').innerText()).not.toBe(latest);
    await panel.page.mouse.move(4, 4);
    await drawn(panel);
    expect(await legend(panel, 'Accuracy', 'training').innerText()).toBe(latest);
    expect(await panel.page.locator('.cursor-tag:visible').count()).toBe(0);
  });

  it('are walked along with the keyboard', async () => {
    const panel = await openOn(PANEL, live(), running());
    const plot = panel.page.getByRole('slider', { name: 'Loss by step' });
    await plot.focus();
    await plot.press('Home');
    expect(await plot.getAttribute('aria-valuetext')).toMatch(
      /^step 1, epoch 1, training \d\.\d+, validation \d\.\d+$/,
    );
    await plot.press('PageUp');
    expect(await plot.getAttribute('aria-valuenow')).toBe('48');
    await plot.press('ArrowRight');
    expect(await plot.getAttribute('aria-valuenow')).toBe('54');
    await plot.press('Escape');
    expect(await plot.getAttribute('aria-valuenow')).toBe('349');
  });

  it('are zoomed together by dragging, and shown whole again', async () => {
    const panel = await openOn(PANEL, live(), running());
    const [first, second] = [panel.page.locator('.plot').first(), panel.page.locator('.plot').nth(1)];
    const box = await first.boundingBox();
    if (box === null) throw new Error('the chart has no box');
    await panel.page.mouse.move(box.x + 120, box.y + 40);
    await panel.page.mouse.down();
    await panel.page.mouse.move(box.x + 180, box.y + 40, { steps: 4 });
    await panel.page.mouse.up();
    await panel.page.getByRole('button', { name: 'Show the whole run' }).first().waitFor();
    await drawn(panel);
    await panel.screenshot('panel-zoomed');
    await second.hover({ position: { x: 60, y: 60 } });
    const tag = await panel.page.locator('.cursor-tag').nth(1).innerText();
    expect(Number(/step (\d+)/.exec(tag)?.[1])).toBeGreaterThan(60);
    await second.dblclick({ position: { x: 60, y: 60 } });
    await expect.poll(() => panel.page.getByRole('button', { name: 'Show the whole run' }).count()).toBe(0);
  });

  it('glide to another range, and arrive where they would without', async () => {
    let arrived = '';
    for (const reducedMotion of ['reduce', 'no-preference'] as const) {
      const panel = await openOn(PANEL, live(), running());
      await panel.page.emulateMedia({ reducedMotion });
      const box = await panel.page.locator('.plot').first().boundingBox();
      if (box === null) throw new Error('the chart has no box');
      await panel.page.mouse.move(box.x + 120, box.y + 40);
      await panel.page.mouse.down();
      await panel.page.mouse.move(box.x + 180, box.y + 40, { steps: 4 });
      await panel.page.mouse.up();
      await panel.page.getByRole('button', { name: 'Show the whole run' }).first().waitFor();
      const picture = () => panel.page.evaluate(() => document.querySelector('canvas')?.toDataURL() ?? '');
      if (reducedMotion === 'reduce') {
        // Drawn at once: in the frame of the button, or the next.
        await panel.page.evaluate(
          () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
        );
        arrived = await picture();
        expect(arrived.length).toBeGreaterThan(1000);
      } else await expect.poll(picture).toBe(arrived);
    }
  });

  it('take the colours of a theme that is changed under them', async () => {
    const panel = await openOn(PANEL, live(), running());
    const magenta = () =>
      panel.page.evaluate(() => {
        const canvas = document.querySelector('canvas');
        const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        let found = 0;
        for (let at = 0; at < pixels.length; at += 4) {
          if (pixels[at] === 255 && pixels[at + 1] === 0 && pixels[at + 2] === 255) found++;
        }
        return found;
      });
    expect(await magenta()).toBe(0);
    await panel.page.evaluate(() =>
      document.documentElement.style.setProperty('--vscode-charts-orange', 'rgb(255, 0, 255)'),
    );
    await drawn(panel);
    expect(await magenta()).toBeGreaterThan(50);
  });

  it('fill their place when it is resized', async () => {
    const panel = await openOn(PANEL, live(), running());
    for (const size of [TAB, { width: 700, height: 300 }, { width: 420, height: 760 }]) {
      await panel.page.setViewportSize(size);
      await drawn(panel);
      const sizes = await panel.page.evaluate(() =>
        [...document.querySelectorAll('.plot')].map((plot) => {
          const canvas = plot.querySelector('canvas');
          return [
            plot.clientWidth - (canvas?.clientWidth ?? 0),
            plot.clientHeight - (canvas?.clientHeight ?? 0),
          ];
        }),
      );
      expect(sizes).toEqual([
        [0, 0],
        [0, 0],
      ]);
    }
  });

  it('remember how they were set', async () => {
    const panel = await openOn(PANEL, live(), running());
    await panel.page.getByRole('button', { name: 'log' }).click();
    await panel.page.getByRole('slider', { name: 'Smoothing' }).fill('0.9');
    await drawn(panel);
    await panel.screenshot('panel-logarithmic');
    expect(await panel.page.getByRole('button', { name: 'log' }).getAttribute('aria-pressed')).toBe('true');
    const state: unknown = await panel.page.evaluate(() =>
      (window as unknown as { acquireVsCodeApi(): { getState(): unknown } }).acquireVsCodeApi().getState(),
    );
    expect(state).toMatchObject({ logarithmic: ['loss'], smoothing: 0.9 });
  });
});

describe('a run that is over', () => {
  const failure = { status: 'failed', model: [], error: outOfMemory } as const;
  it.each([
    ['finished', () => ended(complete({ top5: true })), 'Training finished'],
    ['stopped', () => ended(running(), { status: 'stopped' }), 'Stopped in epoch 8 of 12'],
    ['failed', () => ended(running(), failure), outOfMemory.message],
    ['lost', running, 'The trainer is gone'],
  ] as const)('says how it ended: %s', async (status, events, words) => {
    for (const [place, size] of [
      ['panel', PANEL],
      ['tab', TAB],
    ] as const) {
      const panel = await openOn(size, runView({ id: '/runs/3', status }), events());
      await panel.page.getByText(words).first().waitFor();
      await drawn(panel);
      await panel.screenshot(`${place}-${status}`);
      expect(await panel.page.getByText('Stop', { exact: true }).count()).toBe(0);
      expect(await panel.page.getByText('Open result').count()).toBe(
        status === 'finished' || status === 'stopped' ? 1 : 0,
      );
      expect(await panel.accessibilityFindings()).toEqual([]);
    }
  });

  it.each([
    ['panel', PANEL, 1],
    ['tab', TAB, 1],
    ['narrow', { ...TAB, width: 360 }, 2],
  ] as const)('has what can be done with it in a row: %s', async (place, size, rows) => {
    for (const theme of ['dark', 'light'] as const) {
      const run = runView({ id: '/runs/3', status: 'finished' });
      const panel = await openOn({ ...size, theme }, run, ended(complete({ top5: true })));
      await panel.screenshot(`outcome-${place}-${theme}`);
      const actions = panel.page.locator('.outcome-actions vscode-button');
      expect(await actions.count()).toBe(3);
      const boxes = await actions.evaluateAll((found) => found.map((each) => each.getBoundingClientRect()));
      expect(new Set(boxes.map(({ top }) => top)).size).toBe(rows);
      const right = Math.max(...boxes.map((box) => box.right));
      const outer = await panel.page
        .locator('.outcome')
        .evaluate((each) => each.getBoundingClientRect().right);
      expect(right).toBeLessThanOrEqual(outer);
    }
  });

  it('names the code of a failure, and tells a screen reader at once', async () => {
    const panel = await openOn(PANEL, runView({ id: '/runs/3', status: 'failed' }), ended([], failure));
    const alert = panel.page.getByRole('alert');
    expect(await alert.innerText()).toContain(outOfMemory.code);
    expect(await alert.innerText()).toContain(outOfMemory.message);
    await panel.screenshot('panel-failed-early');
  });

  it('opens its result, its folder and a tab', async () => {
    const panel = await openOn(PANEL, runView({ id: '/runs/3', status: 'finished' }), ended(complete()));
    await panel.page.getByText('Open result').click();
    await panel.page.getByRole('button', { name: 'Reveal folder' }).click();
    await panel.page.getByRole('button', { name: 'Open in an editor tab' }).click();
    // Said by itself when the run is shown.
    const asked = (await panel.posts()).filter(({ type }) => type !== 'ready' && type !== 'askHealth');
    expect(asked).toEqual([
      { type: 'openResult', id: '/runs/3' },
      { type: 'revealFolder', id: '/runs/3' },
      { type: 'openInTab' },
    ]);
  });

  it('writes every epoch in a tab, the best one marked, and offers no second tab', async () => {
    const events = ended(complete());
    const panel = await openOn(TAB, runView({ id: '/runs/3', status: 'finished' }), events, 'tab');
    const best = findBestEpoch(events.filter((event) => event.type === 'epoch'));
    expect(await panel.page.locator('.epochs tbody tr').count()).toBe(12);
    expect(await panel.page.locator('.epochs tr.best th').innerText()).toMatch(
      new RegExp(`^${best?.epoch}\\s+best`),
    );
    expect(await panel.page.locator('.epochs tbody tr').first().innerText()).toContain(
      formatLoss(lastEpoch(events).metrics['val_loss'] ?? NaN),
    );
    expect(await panel.page.getByRole('button', { name: 'Open in an editor tab' }).count()).toBe(0);
  });
});

describe('the list of runs', () => {
  it('is chosen from with the mouse and with the keyboard', async () => {
    const panel = await openOn(PANEL, live(), running());
    const button = panel.page.locator('.run-picker-button');
    await button.click();
    await drawn(panel);
    await panel.screenshot('panel-picker');
    expect(await panel.accessibilityFindings()).toEqual([]);
    expect(await panel.page.getByRole('option').allInnerTexts()).toEqual([
      expect.stringContaining('Running · 1 min ago'),
      expect.stringContaining('Finished · 40 min ago'),
      expect.stringContaining('Failed'),
    ]);
    await panel.page.getByRole('option', { name: 'first try' }).click();
    expect(await panel.postsOf('show')).toEqual([{ type: 'show', id: '/runs/1' }]);
    await button.press('ArrowDown');
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('Enter');
    expect((await panel.postsOf('show')).at(-1)).toEqual({ type: 'show', id: '/runs/2' });
    await button.press('ArrowDown');
    await panel.page.keyboard.press('Escape');
    expect(await panel.page.getByRole('listbox').count()).toBe(0);
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('shows another run when the host tells its history', async () => {
    const panel = await openOn(PANEL, live(), running());
    const other = runView({ id: '/runs/2', name: 'digits-0-4 lower rate', status: 'finished' });
    await panel.send({ type: 'history', run: other, events: ended(complete()) });
    await panel.page.getByRole('heading', { name: 'Training finished' }).waitFor();
    expect(await panel.page.locator('.run-picker-name').innerText()).toBe('digits-0-4 lower rate');
    // What still comes of the first run changes nothing here.
    await panel.send({ type: 'events', id: '/runs/3', status: 'running', events: running().slice(-1) });
    await drawn(panel);
    expect(await panel.page.getByRole('heading', { name: 'Training finished' }).count()).toBe(1);
  });

  it.each([
    ['panel-empty', PANEL],
    ['tab-empty', TAB],
  ] as const)('says how to come to a first run: %s', async (name, size) => {
    const panel = await open(size);
    await panel.send({ type: 'runs', protocol: 1, runs: [], shown: null });
    await panel.page.getByRole('heading', { name: 'No training runs yet' }).waitFor();
    expect(await panel.page.locator('.no-runs li').count()).toBe(3);
    await panel.screenshot(name);
    expect(await panel.accessibilityFindings()).toEqual([]);
  });

  it('waits with a run that is only starting', async () => {
    const panel = await openOn(PANEL, runView({ id: '/runs/3', status: 'starting' }), []);
    await panel.page.getByText('Starting the trainer').waitFor();
    expect(await panel.page.locator('canvas').count()).toBe(2);
    await panel.screenshot('panel-starting');
    expect(await panel.accessibilityFindings()).toEqual([]);
  });
});
