import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../src/core/run/events';
import { findBestEpoch } from '../../../../webview/metrics/bestEpoch';
import { NO_EVENTS, reduceEvent, reduceEvents } from '../../../../webview/metrics/runState';
import { growth, LINEAR } from '../support/countReads';
import { end, epoch, start, step, T0, wholeEpochs } from './runEvents';

const column = (values: Float64Array | undefined) => Array.from(values ?? []);

describe('reducing the events of a run', () => {
  it('keeps each metric as long as the steps, with NaN where a step did not report it', () => {
    const state = reduceEvents(NO_EVENTS, [
      start(),
      step(1, { loss: 2 }),
      step(2, { loss: 1, accuracy: 0.5 }),
      step(3, { accuracy: 0.75 }),
    ]);
    expect(column(state.steps.step.view())).toEqual([1, 2, 3]);
    expect(column(state.steps.metrics.loss?.view())).toEqual([2, 1, NaN]);
    expect(column(state.steps.metrics.accuracy?.view())).toEqual([NaN, 0.5, 0.75]);
  });

  it('leaves the state before an event as it was', () => {
    const before = reduceEvents(NO_EVENTS, wholeEpochs(1));
    const after = reduceEvent(before, step(11, { loss: 7 }));
    const other = reduceEvent(before, step(11, { loss: 9 }));
    expect(before.steps.step.length).toBe(10);
    expect(after.steps.metrics.loss?.at(10)).toBe(7);
    expect(other.steps.metrics.loss?.at(10)).toBe(9);
  });

  it('comes to the same state event by event and all at once', () => {
    const events = [...wholeEpochs(3), end('finished')];
    const once = reduceEvents(NO_EVENTS, events);
    const parts = reduceEvents(reduceEvents(NO_EVENTS, events.slice(0, 17)), events.slice(17));
    expect(column(parts.steps.time.view())).toEqual(column(once.steps.time.view()));
    expect(parts.epochs).toEqual(once.epochs);
    expect(parts.end).toEqual(once.end);
  });

  it('is not changed by events that arrive twice', () => {
    const events = wholeEpochs(2);
    const state = reduceEvents(reduceEvents(NO_EVENTS, events), events.slice(-6));
    expect(column(state.steps.step.view())).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(state.epochs.map((one) => one.epoch)).toEqual([1, 2]);
  });

  it('rewinds to where a resumed run starts again, and is no longer ended', () => {
    const stopped = reduceEvents(NO_EVENTS, [...wholeEpochs(2), step(21), step(22), end('stopped')]);
    const resumed = reduceEvents(stopped, [step(21, { loss: 5 })]);
    expect(resumed.steps.step.last()).toBe(21);
    expect(resumed.steps.metrics.loss?.last()).toBe(5);
    expect(resumed.end).toBeNull();
    expect(stopped.steps.step.last()).toBe(22);
  });

  it('forgets the epochs and phases that a resumed run will go through again', () => {
    const second = {
      type: 'phase',
      phase: 1,
      epoch: 3,
      time: T0,
      trainableLayers: 2,
      frozenLayers: 0,
    } as const;
    const killed = reduceEvents(NO_EVENTS, [...wholeEpochs(2), second, step(21)]);
    const resumed = reduceEvents(killed, [step(11)]);
    expect(resumed.epochs.map((one) => one.epoch)).toEqual([1]);
    expect(resumed.phases).toEqual([]);
    expect(killed.phases).toEqual([second]);
  });

  it('draws a loss that is no number as a gap and remembers where it began', () => {
    // As JSON carries it: NaN is written null.
    const lines = '{"type":"step","step":2,"epoch":1,"time":1,"metrics":{"loss":null}}';
    const state = reduceEvents(NO_EVENTS, [start(), step(1), JSON.parse(lines) as RunEvent, step(3)]);
    expect(column(state.steps.metrics.loss?.view())).toEqual([1, NaN, 1]);
    expect(state.divergedAt).toBe(2);
  });

  it('counts a warning that is said again', () => {
    const warning = { type: 'warning', code: 'IMAGE_UNREADABLE', message: 'a.png', time: T0 } as const;
    const state = reduceEvents(NO_EVENTS, [
      warning,
      { ...warning, code: 'SLOW' },
      { ...warning, time: T0 + 9 },
    ]);
    expect(state.warnings.map(({ code, count }) => [code, count])).toEqual([
      ['SLOW', 1],
      ['IMAGE_UNREADABLE', 2],
    ]);
  });

  it('comes to the same state at once where metrics come and go and the run goes back', () => {
    const events: RunEvent[] = [
      start(),
      step(1, { loss: 2 }),
      step(2, { accuracy: 0.5 }),
      step(3, { loss: NaN, accuracy: 0.75 }),
      step(12, { loss: 1 }),
      step(11, { loss: 0.5, top5: 1 }),
      step(12, { top5: 0.5 }),
      ...wholeEpochs(2),
      step(21, { loss: 0.25 }),
      step(15, { loss: 0.125 }),
      step(16, {}),
    ];
    const plain = (state: typeof NO_EVENTS) => ({
      ...state,
      steps: state.steps.step.length,
      rows: [state.steps.step, state.steps.epoch, state.steps.time].map((values) => column(values.view())),
      metrics: Object.entries(state.steps.metrics).map(([name, values]) => [name, column(values.view())]),
    });
    const oneByOne = events.reduce(reduceEvent, NO_EVENTS);
    expect(plain(reduceEvents(NO_EVENTS, events))).toEqual(plain(oneByOne));
    expect(oneByOne.steps.step.last()).toBe(16);
  });

  it('lets events of a newer trainer pass', () => {
    const later = JSON.parse('{"type":"weather","epoch":1,"time":5}') as RunEvent;
    const state = reduceEvent(NO_EVENTS, later);
    expect(state).toEqual({ ...NO_EVENTS, lastTime: 5 });
  });

  it('reduces a long history with work that grows as it does', () => {
    const history = (steps: number) => [
      start({ stepsPerEpoch: steps }),
      ...Array.from({ length: steps }, (_, index) => step(index + 1, { loss: 1, accuracy: 0 })),
    ];
    expect(reduceEvents(NO_EVENTS, history(20_000)).steps.step.length).toBe(20_000);
    const reduce = (events: ReturnType<typeof history>) => void reduceEvents(NO_EVENTS, events);
    expect(growth(history, 500, reduce)).toBeLessThan(LINEAR);
  });
});

describe('the best epoch', () => {
  it('has the highest validation accuracy, the first of equals', () => {
    const best = findBestEpoch([
      epoch(1, { loss: 1, val_accuracy: 0.8, val_loss: 0.1 }),
      epoch(2, { loss: 1, val_accuracy: 0.9, val_loss: 0.5 }),
      epoch(3, { loss: 1, val_accuracy: 0.9, val_loss: 0.4 }),
    ]);
    expect(best).toEqual({ epoch: 2, step: 20, metric: 'val_accuracy', value: 0.9 });
  });

  it('has the lowest validation loss where there is no accuracy, and skips what is no number', () => {
    const best = findBestEpoch([
      epoch(1, { loss: 1, val_loss: NaN }),
      epoch(2, { loss: 1, val_loss: 0.5 }),
      epoch(3, { loss: 1, val_loss: 0.75 }),
    ]);
    expect(best).toMatchObject({ epoch: 2, metric: 'val_loss' });
  });

  it('is not known without validation', () => {
    expect(findBestEpoch([epoch(1, { loss: 0.1, accuracy: 1 })])).toBeNull();
  });
});
