import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/run/events';
import type { RunHealth } from '../../../src/core/run/health';
import { panels, type Panel } from './openPanel';
import { runView, trainingEvents } from './trainingRun';

const openOn = panels();
const PANEL = { width: 1100, height: 250 } as const;
/** Of a run that left nothing, the curves never come. */
const BARE = '.run-picker';
const THEMES = ['dark', 'light', 'contrast'] as const;

const WELL: RunHealth = { faults: [], canResume: false, canTrainAgain: true, hasLog: true };
const events = (): RunEvent[] =>
  trainingEvents({ epochs: 12, stepsPerEpoch: 47, epochsDone: 7, stepsMore: 20, until: Date.now() });
const ended = (): RunEvent[] => [
  ...trainingEvents({ epochs: 12, stepsPerEpoch: 47, epochsDone: 12, until: Date.now() }),
  { type: 'end', status: 'finished', time: Date.now(), model: ['model/model.h5'] },
];
const view = (status: 'lost' | 'finished' | 'running') => runView({ id: '/runs/3', status });

/** Answers the page's question about the run's folder. */
async function answer(panel: Panel, health: Partial<RunHealth>): Promise<void> {
  expect((await panel.nextPost('askHealth')).id).toBe('/runs/3');
  await panel.send({ type: 'health', id: '/runs/3', health: { ...WELL, ...health } });
}
const notice = (panel: Panel, fault: string) => panel.page.locator(`.notice[data-fault="${fault}"]`);
const button = (panel: Panel, name: string) => panel.page.locator('vscode-button').filter({ hasText: name });

describe('a run', () => {
  it.each(THEMES)(
    'half written, without a plan and a word, says that nothing was recorded: %s',
    async (theme) => {
      const panel = await openOn(view('lost'), [], { ...PANEL, theme }, BARE);
      await answer(panel, { faults: ['empty', 'planMissing'], canTrainAgain: false });
      await panel.page.getByRole('heading', { name: 'Nothing was recorded' }).waitFor();
      expect(await panel.page.locator('.bare-run p').innerText()).toBe(
        'The trainer ended before it told of anything. Its log may say why. ' +
          'It has no plan that can be read, so it cannot be trained again from here.',
      );
      // No chart without a point stands in for it.
      expect(await panel.page.locator('.chart').count()).toBe(0);
      expect(await button(panel, 'Train again').count()).toBe(0);
      await panel.screenshot(`panel-bare-${theme}`);
      expect(await panel.accessibilityFindings()).toEqual([]);
      await button(panel, 'Show log').click();
      await button(panel, 'Reveal folder').click();
      await button(panel, 'Delete…').click();
      for (const type of ['openLog', 'revealFolder', 'deleteRun'] as const)
        expect(await panel.postsOf(type)).toEqual([{ type, id: '/runs/3' }]);
    },
  );

  it('that never began can be trained again where its plan is whole', async () => {
    const panel = await openOn(view('lost'), [], PANEL, BARE);
    await answer(panel, { faults: ['empty'], hasLog: false });
    await button(panel, 'Train again').click();
    expect(await panel.postsOf('trainAgain')).toEqual([{ type: 'trainAgain', id: '/runs/3' }]);
    expect(await button(panel, 'Show log').count()).toBe(0);
  });

  it('of a newer version says so, and draws what it can', async () => {
    const panel = await openOn(view('finished'), [], PANEL, BARE);
    await answer(panel, { faults: ['newer'] });
    await panel.page.getByRole('heading', { name: 'From a newer version' }).waitFor();
    expect(await button(panel, 'Train again').count()).toBe(0);
    await panel.send({ type: 'history', run: view('finished'), events: ended() });
    await notice(panel, 'newer').getByText('Update the extension to see all of it.').waitFor();
    expect(await panel.page.locator('.chart').count()).toBe(2);
  });

  it.each(THEMES)('without its model offers to train it again, not to open it: %s', async (theme) => {
    const panel = await openOn(view('finished'), ended(), { ...PANEL, theme });
    await button(panel, 'Open result').waitFor();
    await answer(panel, { faults: ['modelMissing'] });
    await notice(panel, 'modelMissing').waitFor();
    expect(await button(panel, 'Open result').count()).toBe(0);
    expect(await panel.page.locator('.outcome-text p').innerText()).toBe(
      '12 epochs, 564 steps. Its model is gone; the curves are kept.',
    );
    await panel.screenshot(`panel-model-missing-${theme}`);
    expect(await panel.accessibilityFindings()).toEqual([]);
    await notice(panel, 'modelMissing').getByText('Train again').click();
    expect(await panel.postsOf('trainAgain')).toEqual([{ type: 'trainAgain', id: '/runs/3' }]);
  });

  it.each([
    ['planMissing', 'plan.json is missing'],
    ['planNewer', 'this version cannot resume it'],
    ['planBroken', 'plan.json cannot be read'],
  ] as const)('with curves and no good plan cannot be resumed, and says why: %s', async (fault, words) => {
    const checkpoint: RunEvent = {
      ...{
        type: 'checkpoint',
        time: Date.now(),
        epoch: 7,
        step: 329,
        folder: 'checkpoints/a',
        reason: 'epoch',
      },
    };
    const panel = await openOn(view('lost'), [...events(), checkpoint], PANEL);
    await button(panel, 'Resume').waitFor();
    await answer(panel, { faults: [fault, 'torn'], canTrainAgain: false });
    await notice(panel, fault).getByText(words).waitFor();
    expect(await button(panel, 'Resume').count()).toBe(0);
    expect(await panel.page.locator('.notice').count()).toBe(1);
  });

  it('whose last line was torn by a kill keeps all before it', async () => {
    const panel = await openOn(view('running'), events(), PANEL);
    await answer(panel, { hasLog: true });
    expect(await panel.page.locator('.notice').count()).toBe(0);
    const asked = (await panel.posts()).length;
    // Killed from outside: the host finds its process gone.
    await panel.send({ type: 'events', id: '/runs/3', status: 'lost', events: [] });
    await panel.page.getByRole('heading', { name: 'The trainer is gone' }).waitFor();
    expect(await panel.page.getByRole('group', { name: 'Steer the run' }).count()).toBe(0);
    expect(await panel.page.getByRole('button', { name: 'Export the run' }).count()).toBe(1);
    // What can be done is asked for again.
    expect((await panel.nextPost('askHealth', asked)).id).toBe('/runs/3');
    await panel.send({
      ...{ type: 'health', id: '/runs/3' },
      health: { faults: ['torn'], canResume: true, canTrainAgain: true, hasLog: true },
    });
    await notice(panel, 'torn').waitFor();
    await panel.screenshot('panel-killed');
    await button(panel, 'Resume').click();
    expect(await panel.postsOf('resumeRun')).toHaveLength(1);
    await button(panel, 'Show log').waitFor();
    const spoken = panel.page.locator('.visually-hidden[role="status"]');
    expect(await spoken.innerText()).toBe('The trainer is gone, after 7 of 12 epochs.');
  });

  it('with NaN metrics draws what is a number, and says where none is', async () => {
    const nan = events().map((event) => {
      if (event.type !== 'step' && event.type !== 'epoch') return event;
      const { accuracy = 0 } = event.metrics;
      return { ...event, metrics: { loss: NaN, accuracy } };
    });
    const panel = await openOn(view('running'), nan, PANEL);
    await panel.page.getByText('Loss is NaN wherever it was measured').waitFor();
    expect(await panel.page.locator('.chart[aria-label="Accuracy"] .no-points').count()).toBe(0);
    await panel.page.locator('.warnings summary').click();
    await panel.page.getByText('The loss is no finite number from step 1 on.').waitFor();
    await panel.screenshot('panel-nan');
  });

  it('deleted while it is shown is told of, and the newest shown in its place', async () => {
    const panel = await openOn(view('finished'), ended(), PANEL);
    const other = runView({ id: '/runs/2', name: 'digits before', status: 'finished' });
    await panel.send({ type: 'runs', protocol: 1, runs: [other], shown: other.id });
    await panel.send({ type: 'history', run: other, events: ended() });
    await notice(panel, 'gone').getByText('The run digits-0-4 was deleted or moved.').waitFor();
    await panel.page.locator('.run-picker-name', { hasText: 'digits before' }).waitFor();
    await panel.page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await notice(panel, 'gone').count()).toBe(0);
    // The last one: nothing is left to show but what was lost.
    await panel.send({ type: 'runs', protocol: 1, runs: [], shown: null });
    await notice(panel, 'gone').getByText('The run digits before was deleted or moved.').waitFor();
    await panel.page.getByRole('heading', { name: 'No training runs yet' }).waitFor();
    await panel.screenshot('panel-all-deleted');
  });
});
