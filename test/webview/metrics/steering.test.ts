import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/run/events';
import type { Steering } from '../../../src/protocol/runPanel';
import { panels, type Panel } from './openPanel';
import { runView, trainingEvents } from './trainingRun';

const openOn = panels();
const PANEL = { width: 1100, height: 250 } as const;
const ALL: Steering = { keepsBest: true, rates: [0.001] };
const running = () =>
  trainingEvents({ epochs: 12, stepsPerEpoch: 47, epochsDone: 7, stepsMore: 20, until: Date.now() });
const live = (steering: Steering = ALL) => runView({ id: '/runs/3', status: 'running', steering });
const at = { time: Date.now(), epoch: 7, step: 349 };

const send = (panel: Panel, ...events: readonly RunEvent[]) =>
  panel.send({ type: 'events', id: '/runs/3', status: 'running', events });
const button = (panel: Panel, name: string) => panel.page.getByRole('button', { name, exact: true });

describe('a run is steered', () => {
  it.each(['dark', 'light', 'contrast'] as const)('and says that it is paused: %s', async (theme) => {
    const panel = await openOn(live(), running(), { ...PANEL, theme });
    await button(panel, 'Pause after this step').click();
    expect(await panel.postsOf('steer')).toEqual([
      { type: 'steer', id: '/runs/3', message: { type: 'pause' } },
    ]);
    expect(await button(panel, 'Pause after this step').isDisabled()).toBe(true);
    await send(panel, { type: 'paused', ...at });
    await panel.page.locator('.live-note .paused', { hasText: 'Paused' }).waitFor();
    await panel.screenshot(`panel-paused-${theme}`);
    expect(await panel.accessibilityFindings()).toEqual([]);
    await button(panel, 'Go on with the run').click();
    expect((await panel.postsOf('steer')).at(-1)).toMatchObject({ message: { type: 'resume' } });
    await send(panel, { type: 'resumed', ...at });
    await button(panel, 'Pause after this step').waitFor();
    expect(await panel.page.locator('.live-note .paused').count()).toBe(0);
    // Nothing of the run was lost by the pause.
    expect(await panel.page.getByRole('slider', { name: 'Loss by step' }).getAttribute('aria-valuemax')).toBe(
      '349',
    );
  });

  it('and saves a checkpoint, once a click', async () => {
    const panel = await openOn(live(), running(), PANEL);
    const save = button(panel, 'Save a checkpoint now');
    await save.click();
    expect(await panel.postsOf('steer')).toEqual([
      { type: 'steer', id: '/runs/3', message: { type: 'saveCheckpoint' } },
    ]);
    expect(await save.getAttribute('title')).toContain('Asked; it is heard between two steps.');
    await send(panel, { type: 'checkpoint', ...at, folder: 'checkpoints/asked', reason: 'asked' });
    await expect.poll(() => save.isDisabled()).toBe(false);
  });

  it.each(['dark', 'light', 'contrast'] as const)(
    'and given another learning rate by keyboard: %s',
    async (theme) => {
      const panel = await openOn(live(), running(), { ...PANEL, theme });
      await button(panel, 'Change the learning rate').focus();
      await panel.page.keyboard.press('Enter');
      const field = panel.page.getByLabel('Learning rate from the next step');
      expect(await field.inputValue()).toBe('0.001');
      expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
      await panel.page.keyboard.type('none');
      await panel.page.keyboard.press('Enter');
      await panel.page.getByText('Expected a number, such as 1e-4').waitFor();
      await panel.screenshot(`panel-rate-${theme}`);
      expect(await panel.accessibilityFindings()).toEqual([]);
      await field.fill('-1');
      await panel.page.getByText('Expected a number above 0').waitFor();
      await field.fill('4e-4');
      await button(panel, 'Times 0.5').click();
      expect(await field.inputValue()).toBe('0.0002');
      await field.press('Enter');
      expect(await panel.postsOf('steer')).toEqual([
        { type: 'steer', id: '/runs/3', message: { type: 'setLearningRate', learningRate: 0.0002 } },
      ]);
      expect(await panel.page.getByRole('dialog').count()).toBe(0);
      await send(panel, { type: 'learningRate', ...at, learningRate: 0.0002 });
      await panel.page.getByText('Learning rate 0.0002, set by hand').waitFor();
    },
  );

  it('and leaves the rate alone at Escape, the keyboard where it was', async () => {
    const panel = await openOn(live(), running(), PANEL);
    const open = button(panel, 'Change the learning rate');
    await open.click();
    await panel.page.keyboard.press('Escape');
    expect(await panel.page.getByRole('dialog').count()).toBe(0);
    expect(await open.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await panel.postsOf('steer')).toEqual([]);
  });

  it('not before its process is found, but for a stop', async () => {
    const panel = await openOn(runView({ id: '/runs/3', status: 'running' }), running(), PANEL);
    for (const name of ['Pause after this step', 'Save a checkpoint now', 'Change the learning rate']) {
      expect(await button(panel, name).isDisabled()).toBe(true);
      expect(await button(panel, name).getAttribute('title')).toContain('has not found the run’s process');
    }
    expect(await panel.page.locator('vscode-button.stop').getAttribute('disabled')).toBeNull();
  });

  it.each(['dark', 'light', 'contrast'] as const)(
    'and says what it takes of its machine: %s',
    async (theme) => {
      const panel = await openOn(live(), running(), { width: 1400, height: 700, theme });
      const stat = (title: string) => panel.page.locator('.stat', { hasText: title });
      await stat('Samples/s').waitFor();
      expect(await stat('Memory').count()).toBe(0);
      const machine = { time: Date.now(), memory: 1.61 * 2 ** 30, tensors: 345 * 2 ** 20, gpus: [] };
      await panel.send({ type: 'machine', id: '/runs/3', machine });
      await stat('Memory').getByText('1.61 GB').waitFor();
      expect(await stat('GPU').count()).toBe(0);
      const card = { name: 'NVIDIA H100', load: 0.87, memoryUsed: 5.2 * 2 ** 30, memoryTotal: 80 * 2 ** 30 };
      const gpus = [{ ...card, load: 0.02 }, card];
      await panel.send({ type: 'machine', id: '/runs/3', machine: { ...machine, gpus } });
      await stat('GPU').getByText('87%').waitFor();
      expect(await stat('GPU').getAttribute('title')).toContain('NVIDIA H100: 2% · 5.2 GB of 80 GB');
      await panel.screenshot(`panel-machine-${theme}`);
      expect(await panel.accessibilityFindings()).toEqual([]);
      // Of another run, which this page no longer shows.
      await panel.send({ type: 'machine', id: '/runs/2', machine: { ...machine, gpus } });
      await stat('GPU').waitFor({ state: 'detached' });
    },
  );

  it('and says so in a narrow panel too', async () => {
    const panel = await openOn(live(), running(), { width: 360, height: 700 });
    const gpus = [{ name: 'H100', load: 0.87, memoryUsed: 5.2 * 2 ** 30, memoryTotal: 80 * 2 ** 30 }];
    const machine = { time: Date.now(), memory: 1.61 * 2 ** 30, tensors: 345 * 2 ** 20, gpus };
    await panel.send({ type: 'machine', id: '/runs/3', machine });
    await panel.page.locator('.stat', { hasText: 'GPU' }).getByText('87%').waitFor();
    const cut = await panel.page.$$eval(
      '.stat dd',
      (all) => all.filter((each) => each.scrollWidth > each.clientWidth).length,
    );
    await panel.screenshot('panel-machine-narrow');
    expect(cut).toBe(0);
  });

  it('no more once it is over, and then resumed from its checkpoint', async () => {
    const checkpoint = { type: 'checkpoint', ...at, folder: 'checkpoints/last', reason: 'last' } as const;
    const end = { type: 'end', status: 'stopped', time: Date.now(), model: [] } as const;
    const stopped = runView({ id: '/runs/3', status: 'stopped' });
    const panel = await openOn(stopped, [...running(), checkpoint, end], PANEL);
    expect(await panel.page.getByRole('group', { name: 'Steer the run' }).count()).toBe(0);
    await panel.page.locator('.outcome-actions').getByText('Resume').click();
    expect(await panel.postsOf('resumeRun')).toEqual([{ type: 'resumeRun', id: '/runs/3' }]);
  });

  it.each([360, 1400])('and then is trained longer, or started again with changes: %d px', async (width) => {
    const end = { type: 'end', status: 'finished', time: Date.now(), model: ['model/model.h5'] } as const;
    const finished = runView({ id: '/runs/3', status: 'finished' });
    const panel = await openOn(finished, [...running(), end], { width, height: 700 });
    const actions = panel.page.locator('.outcome-actions');
    await actions.getByText('Train longer…').click();
    await actions.getByRole('button', { name: 'Start again with changes…' }).click();
    expect(await panel.postsOf('trainLonger')).toEqual([{ type: 'trainLonger', id: '/runs/3' }]);
    expect(await panel.postsOf('startAgain')).toEqual([{ type: 'startAgain', id: '/runs/3' }]);
    await panel.screenshot(`panel-outcome-${width}`);
    expect(await panel.accessibilityFindings()).toEqual([]);
  });

  it('no more where its process was killed, and says so, with what can still be done', async () => {
    const checkpoint = {
      type: 'checkpoint',
      ...at,
      folder: 'checkpoints/epoch-0007',
      reason: 'time',
    } as const;
    const lost = runView({ id: '/runs/3', status: 'lost' });
    const panel = await openOn(lost, [...running(), checkpoint], PANEL);
    await panel.page.getByRole('heading', { name: 'The trainer is gone' }).waitFor();
    await panel.page.getByText('killed, or out of memory').waitFor();
    expect(await panel.page.getByRole('group', { name: 'Steer the run' }).count()).toBe(0);
    await panel.screenshot('panel-lost-dark');
    await panel.page.locator('.outcome-actions').getByText('Resume').click();
    expect(await panel.postsOf('resumeRun')).toEqual([{ type: 'resumeRun', id: '/runs/3' }]);
  });
});
