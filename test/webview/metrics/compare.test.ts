import { beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/run/events';
import { motions, outOfReach } from '../../support/reach';
import type { OpenOptions } from '../support/browser';
import {
  answerChoice,
  sweptRuns,
  tellHistory,
  tellRuns,
  tellSeries,
  tellTable,
  type ReadRun,
} from './comparedRuns';
import { emptyPanels, type Panel } from './openPanel';

const open = emptyPanels();
const TAB = { width: 1400, height: 900 } as const;
const PANEL = { width: 1100, height: 260 } as const;

let runs: readonly ReadRun[] = [];
beforeAll(async () => {
  runs = await sweptRuns();
});

async function openCompare(options: OpenOptions, told = runs): Promise<Panel> {
  const panel = await open(options);
  await tellRuns(panel, told);
  await panel.page.getByRole('tab', { name: 'Compare' }).click();
  await panel.nextPost('compareRuns');
  await tellSeries(panel, runs);
  return panel;
}

/** With the whole sweep beside each other. */
async function openSweep(options: OpenOptions): Promise<Panel> {
  const panel = await openCompare(options);
  const before = (await panel.posts()).length;
  await panel.page.getByRole('button', { name: 'Compare this sweep' }).click();
  await panel.nextPost('compareRuns', before);
  await answerChoice(panel, runs);
  await panel.page.getByRole('table').waitFor();
  return panel;
}

/** From here on, how often any chart is drawn: each drawing begins with a canvas made empty. */
function countDraws(panel: Panel): Promise<void> {
  return panel.page.evaluate(() => {
    const canvas = CanvasRenderingContext2D.prototype;
    const clear = Reflect.get(canvas, 'clearRect') as (...place: number[]) => void;
    Object.assign(window, { draws: 0 });
    canvas.clearRect = function (...place) {
      (window as unknown as { draws: number }).draws++;
      clear.apply(this, place);
    };
  });
}

const draws = (panel: Panel) => panel.page.evaluate(() => (window as unknown as { draws: number }).draws);

const box = (panel: Panel, name: string) => panel.page.getByRole('checkbox', { name });
const names = (panel: Panel) => panel.page.locator('.comparison tbody .compared-name').allInnerTexts();
const head = (panel: Panel, name: string) => panel.page.getByTitle(`Sort by ${name}`, { exact: true });

describe('runs are compared', () => {
  it.each([
    ['compare-dark', { ...TAB, theme: 'dark' }],
    ['compare-light', { ...TAB, theme: 'light' }],
    ['compare-contrast', { ...TAB, theme: 'contrast' }],
    ['compare-contrast-light', { ...TAB, theme: 'contrastLight' }],
    ['compare-zoomed', { width: 640, height: 400 }],
    ['compare-panel-dark', { ...PANEL, theme: 'dark' }],
    ['compare-narrow-light', { width: 360, height: 900, theme: 'light' }],
  ] as const)('for people of all eyes: %s', async (picture, options) => {
    const panel = await openSweep(options);
    expect((await names(panel)).map((name) => name.trim().split('\n')[0])).toEqual(
      runs.map(({ name }) => name),
    );
    expect(await panel.page.locator('.overlay-charts .plot').count()).toBe(2);
    await panel.screenshot(picture);
    expect(await panel.accessibilityFindings()).toEqual([]);
    expect(await outOfReach(panel.page)).toEqual([]);
    expect(await motions(panel.page)).toEqual([]);
  });

  it('says what to do where fewer than two are chosen', async () => {
    const panel = await openCompare({ ...TAB, theme: 'dark' });
    await panel.page.getByRole('heading', { name: 'Choose two or more runs' }).waitFor();
    await panel.screenshot('compare-empty-dark');
    await box(panel, 'digits-frozen-3').check();
    await panel.page.getByRole('heading', { name: 'Choose one more run' }).waitFor();
    expect(await panel.accessibilityFindings()).toEqual([]);
  });

  it('as their boxes say, each in a colour that it keeps', async () => {
    const panel = await openCompare(TAB);
    await box(panel, 'digits-frozen-3').check();
    await box(panel, 'digits-frozen-0').check();
    await expect.poll(() => answerChoice(panel, runs)).toEqual([runs[0]!.folder, runs[3]!.folder]);
    await panel.page.getByRole('table').waitFor();
    const colour = () =>
      box(panel, 'digits-frozen-0').evaluate((element) => getComputedStyle(element).backgroundColor);
    const before = await colour();
    await box(panel, 'digits-frozen-3').uncheck();
    await box(panel, 'digits-frozen-1').check();
    await expect.poll(() => answerChoice(panel, runs)).toEqual([runs[3]!.folder, runs[2]!.folder]);
    expect(await colour()).toBe(before);
    // Only what the page does not have is asked for.
    expect((await panel.postsOf('compareRuns')).at(-1)?.known).toEqual([runs[3]!.folder]);
  });

  it('with what differs beside what came out, the best of each metric marked', async () => {
    const panel = await openSweep(TAB);
    const row = (name: string) => panel.page.getByRole('row').filter({ hasText: name });
    expect(await row('digits-frozen-0').innerText()).toContain('Nothing frozen');
    expect(await row('digits-frozen-3').innerText()).toContain('Freeze the first 3 stages, train the rest');
    // As the command line's table has it.
    expect(await row('digits-frozen-1').locator('.best').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('97.3%'), expect.stringContaining('0.0990')]),
    );
    // All on one engine, and all of one size: nothing to compare.
    expect(await panel.page.getByTitle('Sort by engine').count()).toBe(0);
  });

  it('and sorted by a metric, the best first', async () => {
    const panel = await openSweep(TAB);
    const shown = async () => (await names(panel)).map((name) => /digits-frozen-\d/.exec(name)?.[0]);
    const byAccuracy = head(panel, 'val_accuracy (best epoch)');
    await byAccuracy.click();
    expect(await shown()).toEqual([
      'digits-frozen-1',
      'digits-frozen-0',
      'digits-frozen-2',
      'digits-frozen-3',
    ]);
    await byAccuracy.click();
    expect((await shown())[0]).toBe('digits-frozen-3');
    await byAccuracy.click();
    expect(await shown()).toEqual(runs.map(({ name }) => name));
    await head(panel, 'val_loss (best epoch)').click();
    expect((await shown())[0]).toBe('digits-frozen-1');
  });

  it('by what people choose for the best epochs, and copied as text', async () => {
    const panel = await openSweep(TAB);
    await panel.page
      .getByRole('combobox', { name: 'What the best epochs go by' })
      .selectOption('val_accuracy');
    await expect.poll(async () => (await panel.postsOf('compareRuns')).at(-1)?.monitor).toBe('val_accuracy');
    await panel.page.getByText('Copy as Markdown').click();
    await panel.page.getByText('Copy as CSV').click();
    expect(await panel.postsOf('copyComparison')).toEqual([
      { type: 'copyComparison', as: 'markdown' },
      { type: 'copyComparison', as: 'csv' },
    ]);
  });

  it('under their pointer, all at the same place', async () => {
    const panel = await openSweep({ ...TAB, theme: 'dark' });
    const plot = panel.page.getByRole('slider', { name: 'Loss of the chosen runs' });
    await plot.locator('.u-over').hover();
    const tip = panel.page.locator('.overlay-tip');
    await tip.waitFor();
    expect(await tip.locator('tbody tr').count()).toBe(4);
    await panel.screenshot('compare-pointed-dark');
    await panel.page.getByRole('button', { name: 'Validation' }).click();
    await plot.locator('.u-over').hover();
    expect(await tip.locator('thead th').allInnerTexts()).toEqual([expect.any(String), 'Train']);
  });

  it('under a pointer that moves over curves that are not drawn again', async () => {
    const panel = await openSweep(TAB);
    const plot = panel.page.getByRole('slider', { name: 'Loss of the chosen runs' });
    const over = await plot.locator('.u-over').boundingBox();
    if (over === null) throw new Error('the chart has no box');
    const tip = panel.page.locator('.overlay-tip thead th').first();
    await panel.page.mouse.move(over.x + 40, over.y + 60);
    await tip.waitFor();
    await countDraws(panel);
    const seen = new Set<string>();
    for (let moved = 60; moved <= 240; moved += 20) {
      const before = await tip.innerText();
      await panel.page.mouse.move(over.x + moved, over.y + 60);
      await expect.poll(() => tip.innerText()).not.toBe(before);
      seen.add(await tip.innerText());
    }
    expect(seen.size).toBe(10);
    expect(await draws(panel)).toBe(0);
    // The others fade where one is pointed at in the legend: that is drawn, once a chart.
    await panel.page.getByRole('button', { name: 'digits-frozen-3', exact: true }).hover();
    await expect.poll(() => draws(panel)).toBe(2);
  });

  it('with a ring around each run at its best epoch, by what best means', async () => {
    const panel = await openSweep(TAB);
    await panel.page.evaluate(() => {
      const canvas = CanvasRenderingContext2D.prototype;
      const arc = Reflect.get(canvas, 'arc') as CanvasRenderingContext2D['arc'];
      const rings: unknown[] = [];
      Object.assign(window, { rings });
      canvas.arc = function (...circle) {
        rings.push({ colour: this.strokeStyle, x: Math.round(circle[0]), y: Math.round(circle[1]) });
        arc.apply(this, circle);
      };
    });
    interface Ring {
      readonly colour: string;
      readonly x: number;
      readonly y: number;
    }
    const rings = () => panel.page.evaluate(() => (window as unknown as { rings: Ring[] }).rings.splice(0));
    const legend = panel.page.getByRole('button', { name: 'digits-frozen-3', exact: true });
    await legend.hover();
    const drawn: Ring[] = [];
    const soFar = async () => drawn.push(...(await rings()));
    // Four runs in two charts; the colours are the runs' own.
    await expect.poll(soFar).toBe(8);
    expect(new Set(drawn.map(({ colour }) => colour)).size).toBe(4);
    expect(new Set(drawn.map(({ y }) => y)).size).toBeGreaterThan(4);
    const validation = panel.page.getByRole('button', { name: 'Validation' });
    await validation.click();
    await expect.poll(() => validation.getAttribute('aria-pressed')).toBe('false');
    await rings();
    await countDraws(panel);
    await panel.page.getByTitle('Charts by epoch').click();
    await expect.poll(() => draws(panel)).toBeGreaterThan(1);
    expect(await rings()).toEqual([]);
  });

  it('along an axis that is chosen, without a run that is shown by itself', async () => {
    const panel = await open(TAB);
    const views = runs.map(({ view }) => view);
    await panel.send({ type: 'runs', protocol: 1, runs: views, shown: null, place: 'tab' });
    const axis = panel.page.getByRole('group', { name: 'What the charts run along' });
    expect(await axis.count()).toBe(0);
    await panel.page.getByRole('tab', { name: 'Compare' }).click();
    await axis.getByTitle('Charts by epoch').click();
    await panel.page.getByRole('slider', { name: 'Smoothing' }).fill('0.9');
    expect(await axis.getByTitle('Charts by epoch').getAttribute('aria-pressed')).toBe('true');
  });

  it('with the keyboard', async () => {
    const panel = await openSweep(TAB);
    const plot = panel.page.getByRole('slider', { name: 'Accuracy of the chosen runs' });
    await plot.focus();
    await panel.page.keyboard.press('ArrowLeft');
    expect(await plot.getAttribute('aria-valuetext')).toMatch(
      /^step \d+; digits-frozen-\d: training 9\d\.\d%/,
    );
    await panel.page.keyboard.press('Escape');
    expect(await plot.getAttribute('aria-valuetext')).toBe('arrows walk along the curves');
    const tab = panel.page.getByRole('tab', { name: 'Compare' });
    await tab.focus();
    await panel.page.keyboard.press('ArrowLeft');
    await panel.page.locator('.run-body').waitFor();
    // The host need not keep up to date what nobody sees.
    expect((await panel.postsOf('compareRuns')).at(-1)?.ids).toEqual([]);
  });

  it('by epoch and by time', async () => {
    const panel = await openSweep(TAB);
    const plot = panel.page.getByRole('slider', { name: 'Loss of the chosen runs' });
    expect(await plot.getAttribute('aria-valuemax')).toBe('150');
    await panel.page.getByTitle('Charts by epoch').click();
    expect(await plot.getAttribute('aria-valuemax')).toBe('3');
    await panel.page.getByTitle('Charts by time').click();
    // The run with nothing frozen took the longest.
    expect(Number(await plot.getAttribute('aria-valuemax'))).toBeGreaterThan(40);
  });

  it('while they go on', async () => {
    const panel = await openCompare(TAB);
    const [first, second] = runs;
    const cut = first!.events.findIndex((event) => event.type === 'epoch') + 1;
    const begun: readonly RunEvent[] = first!.events.slice(0, cut);
    await box(panel, 'digits-frozen-3').check();
    await box(panel, 'digits-frozen-2').check();
    await expect.poll(async () => (await panel.postsOf('compareRuns')).at(-1)?.ids.length).toBe(2);
    const live = runs.map((run) =>
      run === first ? { ...run, status: 'running' as const, events: begun } : run,
    );
    await answerChoice(panel, live);
    await panel.send({ type: 'comparedEvents', id: first!.folder, status: 'running', events: [] });
    const epochs = () => panel.page.getByRole('row').filter({ hasText: 'digits-frozen-3' }).innerText();
    await expect.poll(epochs).toContain('Running');
    await panel.send({
      type: 'comparedEvents',
      id: first!.folder,
      status: first!.status,
      events: first!.events.slice(cut),
    });
    await tellTable(panel, runs, [first!.folder, second!.folder]);
    await expect.poll(epochs).not.toContain('Running');
    await expect.poll(epochs).toContain('96.0%');
  });

  it('at most as many as there are colours', async () => {
    const many = Array.from({ length: 13 }, (_, at) => ({
      ...runs[0]!,
      folder: `/runs/${at}`,
      view: { ...runs[0]!.view, id: `/runs/${at}`, name: `run ${String(at).padStart(2, '0')}` },
    }));
    const panel = await openCompare(TAB, many);
    for (const { view } of many.slice(0, 12)) await box(panel, view.name).check();
    expect(await box(panel, 'run 12').isDisabled()).toBe(true);
    await panel.page.getByText('12 runs are compared at most').waitFor();
    await panel.page.getByRole('searchbox').fill('run 1');
    expect(await panel.page.getByRole('checkbox').count()).toBe(4);
  });

  it('and one that cannot be read says why', async () => {
    const panel = await openCompare(TAB);
    await box(panel, 'digits-frozen-3').check();
    await box(panel, 'digits-frozen-2').check();
    const { folder } = runs[0]!;
    await tellHistory(panel, runs[1]!.folder, runs[1]!.events);
    await panel.send({
      type: 'notCompared',
      id: folder,
      message: `${folder}: nothing there, expected the folder of a run`,
    });
    await panel.page.locator('.run-unread', { hasText: 'nothing there' }).waitFor();
  });

  it('chosen elsewhere, the section comes by itself; a series grows where it is shown', async () => {
    const panel = await open(TAB);
    await tellRuns(panel, runs);
    await panel.page.locator('.run-body').waitFor();
    const ids = runs.map(({ folder }) => folder);
    await panel.send({ type: 'openComparison', ids: ids.slice(0, 3), grows: true });
    expect(await panel.page.getByRole('tab', { name: 'Curves' }).getAttribute('aria-selected')).toBe('true');
    await panel.send({ type: 'openComparison', ids: ids.slice(0, 2) });
    await expect.poll(async () => (await panel.postsOf('compareRuns')).at(-1)?.ids).toEqual(ids.slice(0, 2));
    await panel.send({ type: 'openComparison', ids, grows: true });
    await expect.poll(async () => (await panel.postsOf('compareRuns')).at(-1)?.ids).toEqual(ids);
  });
});
