import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/run/events';
import { panels, type Panel } from './openPanel';
import { runView, trainingEvents } from './trainingRun';

const openOn = panels();
const TAB = { width: 1180, height: 860 } as const;
const run = () => runView({ id: '/runs/3', status: 'finished' });

/** Twelve epochs with checkpoints, a rate set by hand and the best weights taken back. */
function eventful(): RunEvent[] {
  const events = trainingEvents({ epochs: 12, stepsPerEpoch: 47, epochsDone: 12, top5: true, until: 0 });
  const after = (epoch: number, ...more: readonly RunEvent[]) =>
    events.splice(
      events.findIndex((event) => event.type === 'epoch' && event.epoch === epoch) + 1,
      0,
      ...more,
    );
  const at = (epoch: number) => ({ time: 0, epoch, step: epoch * 47 });
  for (const epoch of [3, 6, 9, 12]) {
    after(epoch, { type: 'checkpoint', ...at(epoch), folder: `checkpoints/${epoch}`, reason: 'epoch' });
  }
  after(7, { type: 'learningRate', ...at(7), learningRate: 0.0002 });
  events.push({ type: 'restored', time: 0, epoch: 8, monitor: 'val_loss', value: 0.2 });
  events.push({ type: 'end', status: 'finished', time: 0, model: ['model/model.h5'] });
  return events;
}

const axis = (panel: Panel, name: string) =>
  panel.page
    .getByRole('group', { name: 'What the charts run along' })
    .getByRole('button', { name, exact: true });
const loss = (panel: Panel) => panel.page.getByRole('slider', { name: 'Loss by step' });
const tag = (panel: Panel) => panel.page.locator('.cursor-tag').first().innerText();
const zoomed = (panel: Panel) => panel.page.getByRole('button', { name: 'Show the whole run' });

describe('the x axis of the charts', () => {
  it.each(['dark', 'light', 'contrast'] as const)(
    'runs along steps, epochs or time, with the marks: %s',
    async (theme) => {
      const panel = await openOn(run(), eventful(), { ...TAB, theme });
      const picture = () => panel.page.evaluate(() => document.querySelector('canvas')?.toDataURL() ?? '');
      const pictures = new Set<string>();
      for (const name of ['Step', 'Epoch', 'Time']) {
        await axis(panel, name).click();
        expect(await axis(panel, name).getAttribute('aria-pressed')).toBe('true');
        await expect.poll(async () => !pictures.has(await picture())).toBe(true);
        pictures.add(await picture());
        await panel.screenshot(`tab-axis-${name.toLowerCase()}-${theme}`);
      }
      expect(await panel.accessibilityFindings()).toEqual([]);
    },
  );

  it('reads out the same step whatever it runs along, and what happened there', async () => {
    const panel = await openOn(run(), eventful(), TAB);
    for (const name of ['Step', 'Epoch', 'Time']) {
      await axis(panel, name).click();
      await loss(panel).focus();
      await loss(panel).press('Home');
      for (let epoch = 1; epoch <= 7; epoch++) await loss(panel).press('PageUp');
      expect(await loss(panel).getAttribute('aria-valuenow')).toBe('330');
      await loss(panel).press('Escape');
    }
    await axis(panel, 'Step').click();
    await loss(panel).press('End');
    await expect.poll(() => tag(panel)).toBe('step 564 · epoch 12 · weights of epoch 8 taken back');
    await axis(panel, 'Time').click();
    await loss(panel).press('End');
    await expect.poll(() => tag(panel)).toMatch(/^1m \d\ds · step 564 · epoch 12 · /);
  });
});

describe('the charts', () => {
  it('are zoomed and moved along by keyboard, together', async () => {
    const panel = await openOn(run(), eventful(), TAB);
    const picture = () => panel.page.evaluate(() => document.querySelectorAll('canvas')[1]?.toDataURL());
    await loss(panel).focus();
    expect(await zoomed(panel).count()).toBe(0);
    const whole = await picture();
    await loss(panel).press('+');
    await zoomed(panel).first().waitFor();
    expect(await zoomed(panel).count()).toBe(3);
    await expect.poll(picture).not.toBe(whole);
    await loss(panel).press('Alt+ArrowRight');
    await loss(panel).press('-');
    await loss(panel).press('-');
    await expect.poll(() => zoomed(panel).count()).toBe(0);
    await loss(panel).press('+');
    await loss(panel).press('0');
    await expect.poll(() => zoomed(panel).count()).toBe(0);
    await expect.poll(picture).toBe(whole);
  });

  it('are zoomed by a wheel with Ctrl, and dragged along with Shift', async () => {
    const panel = await openOn(run(), eventful(), TAB);
    const middle = { x: 250, y: 80 };
    await loss(panel).hover({ position: middle });
    await panel.page.keyboard.down('Control');
    await panel.page.mouse.wheel(0, -600);
    await panel.page.keyboard.up('Control');
    await zoomed(panel).first().waitFor();
    const box = await loss(panel).boundingBox();
    if (box === null) throw new Error('the chart has no box');
    const stepUnder = async () => Number((/step (\d+)/.exec(await tag(panel)) ?? [])[1]);
    await panel.page.mouse.move(box.x + 200, box.y + 80);
    await expect.poll(stepUnder).toBeGreaterThan(0);
    const before = await stepUnder();
    await panel.page.keyboard.down('Shift');
    await panel.page.mouse.down();
    await panel.page.mouse.move(box.x + 100, box.y + 80, { steps: 4 });
    await panel.page.mouse.up();
    await panel.page.keyboard.up('Shift');
    await panel.page.mouse.move(box.x + 201, box.y + 80);
    // What was under the pointer went left with it.
    await expect.poll(stepUnder).toBeGreaterThan(before);
  });
});
