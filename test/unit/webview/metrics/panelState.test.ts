import { describe, expect, it } from 'vitest';
import { historyOf } from '../../../../src/core/run/history';
import { packSteps } from '../../../../src/protocol/packedSteps';
import type { RunView } from '../../../../src/protocol/runPanel';
import {
  formatAge,
  formatDuration,
  formatLoss,
  formatMetric,
  formatRate,
  formatShare,
  metricTitle,
} from '../../../../webview/metrics/formatNumbers';
import { askToStop, NOTHING_TOLD, receiveMessage } from '../../../../webview/metrics/panelState';
import { step, T0, wholeEpochs } from './runEvents';

const run = (id: string, status: RunView['status'] = 'running'): RunView => ({
  id,
  name: id,
  status,
  startedAt: T0,
});
const list = (shown: string | null, ...runs: RunView[]) =>
  ({ type: 'runs', protocol: 1, runs, shown }) as const;

describe('what the host tells the panel', () => {
  const listed = receiveMessage(NOTHING_TOLD, list('b', run('b'), run('a', 'finished')), T0);
  const shown = receiveMessage(listed, { type: 'history', run: run('b'), events: wholeEpochs(1) }, T0 + 1500);

  it('replaces what was drawn with a history', () => {
    const other = receiveMessage(shown, { type: 'history', run: run('a', 'finished'), events: [] }, T0);
    expect(other.shownId).toBe('a');
    expect(other.shown?.state.epochs).toEqual([]);
  });

  it('draws a history of several parts when all have come, as one of a single part', () => {
    const parts = [wholeEpochs(1), [step(11), step(12)], [step(13)]].map((events) => {
      const { before, steps, ...others } = historyOf(events);
      return {
        type: 'history',
        run: run('a', 'finished'),
        ...others,
        before,
        steps: packSteps(steps),
      } as const;
    });
    const whole = receiveMessage(
      listed,
      {
        type: 'history',
        run: run('a', 'finished'),
        events: [...wholeEpochs(1), step(11), step(12), step(13)],
      },
      T0,
    );
    let panel = shown;
    for (const [index, part] of parts.entries()) {
      panel = receiveMessage(panel, { ...part, continues: index > 0, more: index < 2 }, T0);
      expect(panel.shownId).toBe('a');
      expect(panel.shown === null).toBe(index < 2);
    }
    expect(panel.shown?.state).toEqual(whole.shown?.state);
    expect(panel.reading).toBeNull();
  });

  it('gives up a history when another run is chosen meanwhile', () => {
    const part = { type: 'history', run: run('a', 'finished'), events: wholeEpochs(1) } as const;
    const reading = receiveMessage(shown, { ...part, more: true }, T0);
    const chosen = receiveMessage(reading, list('b', run('b'), run('a', 'finished')), T0);
    const other = receiveMessage(chosen, { type: 'history', run: run('b'), events: [] }, T0);
    expect(receiveMessage(other, { ...part, continues: true }, T0)).toBe(other);
  });

  it('appends events to the shown run alone', () => {
    const events = [step(11)];
    const more = receiveMessage(shown, { type: 'events', id: 'b', status: 'running', events }, T0 + 2100);
    expect(more.shown?.state.steps.step.last()).toBe(11);
    const stray = receiveMessage(shown, { type: 'events', id: 'a', status: 'running', events }, T0 + 2100);
    expect(stray.shown?.state.steps.step.last()).toBe(10);
  });

  it('carries a new status to the list and to the shown run', () => {
    const over = receiveMessage(shown, { type: 'events', id: 'b', status: 'lost', events: [] }, T0);
    expect(over.runs?.map(({ status }) => status)).toEqual(['lost', 'finished']);
    expect(over.shown?.view.status).toBe('lost');
    const relisted = receiveMessage(shown, list('b', run('b', 'stopped')), T0);
    expect(relisted.shown?.view.status).toBe('stopped');
    expect(relisted.shown?.state).toBe(shown.shown?.state);
  });

  it('forgets the drawn run when another is chosen or none is left', () => {
    expect(receiveMessage(shown, list('a', run('a')), T0).shown).toBeNull();
    expect(receiveMessage(shown, list(null), T0).shown).toBeNull();
  });

  it('learns the difference of the clocks from what arrives live', () => {
    expect(shown.shown?.clockAhead).toBe(0);
    const events = [step(11)];
    const late = events[0]?.time ?? 0;
    const live = receiveMessage(shown, { type: 'events', id: 'b', status: 'running', events }, late + 60_000);
    expect(live.shown?.clockAhead).toBe(60_000);
    const future = receiveMessage(listed, { type: 'history', run: run('b'), events: wholeEpochs(1) }, T0);
    expect(future.shown?.clockAhead).toBe(-1500);
  });

  it('remembers which run was asked to stop, until it is over', () => {
    const asked = askToStop(askToStop(shown, 'b'), 'b');
    expect(asked.stopping).toEqual(['b']);
    const events = [step(11)];
    const going = receiveMessage(asked, { type: 'events', id: 'b', status: 'running', events }, T0);
    expect(going.stopping).toEqual(['b']);
    const over = receiveMessage(going, { type: 'events', id: 'b', status: 'stopped', events: [] }, T0);
    expect(over.stopping).toEqual([]);
    expect(receiveMessage(going, list('b', run('b', 'lost')), T0).stopping).toEqual([]);
  });

  it('knows whether it is a tab', () => {
    expect(listed.inTab).toBe(false);
    expect(receiveMessage(listed, { ...list('b', run('b')), place: 'tab' }, T0).inTab).toBe(true);
  });
});

describe('numbers for people', () => {
  it.each([
    [formatLoss(0.31239), '0.3124'],
    [formatLoss(12.3149), '12.31'],
    [formatLoss(0.0000312), '3.1e-5'],
    [formatLoss(0), '0.0000'],
    [formatLoss(123456), '123,456'],
    [formatLoss(NaN), '–'],
    [formatShare(0.9744), '97.4%'],
    [formatShare(0.9999), '99.99%'],
    [formatShare(1), '100.0%'],
    [formatMetric('val_accuracy', 0.5), '50.0%'],
    [formatMetric('val_loss', 0.5), '0.5000'],
    [formatMetric('top5', 0.5), '50.0%'],
    [metricTitle('loss'), 'Loss'],
    [metricTitle('top5'), 'Top-5 accuracy'],
    [metricTitle('sparse_categorical_accuracy'), 'Sparse categorical accuracy'],
    [formatRate(8.25), '8.3'],
    [formatRate(1234.4), '1,234'],
    [formatRate(null), '–'],
    [formatDuration(48.4), '48s'],
    [formatDuration(187), '3m 07s'],
    [formatDuration(4320), '1h 12m'],
    [formatDuration(183_600), '2d 3h'],
    [formatDuration(null), '–'],
    [formatAge(T0, T0 + 20_000), 'just now'],
    [formatAge(T0, T0 + 300_000), '5 min ago'],
    [formatAge(T0, T0 + 3 * 3600_000), '3 h ago'],
    [formatAge(T0, T0 + 50 * 3600_000), 'Mar 1'],
  ])('%s', (written, expected) => expect(written).toBe(expected));
});
