import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../src/core/run/events';
import { askFor, NOTHING_TOLD, receiveMessage } from '../../../../webview/metrics/panelState';
import { NO_EVENTS, reduceEvents } from '../../../../webview/metrics/runState';
import { parseRate } from '../../../../webview/metrics/steeringReasons';
import { xScale } from '../../../../webview/metrics/xAxis';
import { panBy, zoomAround } from '../../../../webview/metrics/zoom';
import { start, step, T0, wholeEpochs } from './runEvents';

const at = (number: number) => ({ time: T0, epoch: Math.floor(number / 10), step: number });
const checkpoint = (number: number): RunEvent => ({
  type: 'checkpoint',
  ...at(number),
  folder: `checkpoints/${number}`,
  reason: 'epoch',
});

describe('a run that was steered', () => {
  it('is paused until it goes on, and loses nothing by it', () => {
    const paused = reduceEvents(NO_EVENTS, [...wholeEpochs(2), { type: 'paused', ...at(20) }]);
    expect(paused.paused).toBe(true);
    const on = reduceEvents(paused, [{ type: 'resumed', ...at(20) }]);
    expect(on.paused).toBe(false);
    expect([on.steps.step.length, on.epochs.length]).toEqual([20, 2]);
  });

  it('drops what came after the checkpoint that it was resumed from', () => {
    const events: RunEvent[] = [...wholeEpochs(3), checkpoint(20), checkpoint(30)];
    const resumed: RunEvent = { type: 'resumed', ...at(20), checkpoint: 'checkpoints/20' };
    const state = reduceEvents(NO_EVENTS, [...events, resumed]);
    expect(state.steps.step.last()).toBe(20);
    expect(state.steps.metrics.loss?.length).toBe(20);
    expect(state.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(state.marks.map(({ step: marked }) => marked)).toEqual([20]);
    expect(reduceEvents(state, [step(21)]).steps.step.length).toBe(21);
  });

  it('marks what happened where it happened: the best weights at the end, not in their epoch', () => {
    const state = reduceEvents(NO_EVENTS, [
      ...wholeEpochs(3),
      checkpoint(30),
      { type: 'learningRate', ...at(30), learningRate: 1e-4 },
      { type: 'restored', time: T0, epoch: 1, monitor: 'val_loss', value: 1 },
    ]);
    expect(state.marks.map(({ kind, step: marked }) => [kind, marked])).toEqual([
      ['checkpoint', 30],
      ['learningRate', 30],
      ['restored', 30],
    ]);
    expect(state.learningRate).toBe(1e-4);
    const phase: RunEvent = {
      ...{ type: 'phase', time: T0, phase: 1, epoch: 4 },
      ...{ trainableLayers: 1, frozenLayers: 0 },
    };
    expect(reduceEvents(state, [phase]).learningRate).toBeNull();
  });

  it('was asked until its event answers, and another run’s answers nothing', () => {
    const asked = askFor(askFor(NOTHING_TOLD, 'a', 'pause'), 'a', 'saveCheckpoint');
    const events = [{ type: 'paused', ...at(10) }] as const;
    const other = receiveMessage(asked, { type: 'events', id: 'b', status: 'running', events }, T0);
    expect(other.asked).toHaveLength(2);
    const heard = receiveMessage(asked, { type: 'events', id: 'a', status: 'running', events }, T0);
    expect(heard.asked).toEqual([{ id: 'a', type: 'saveCheckpoint' }]);
    const over = receiveMessage(heard, { type: 'events', id: 'a', status: 'stopped', events: [] }, T0);
    expect(over.asked).toEqual([]);
  });

  it.each([
    ['1e-4', 1e-4],
    [' 0.5 ', 0.5],
    ['0', 'Expected a number above 0'],
    ['', 'Expected a number, such as 1e-4'],
    ['Infinity', 'Expected a number, such as 1e-4'],
  ])('takes the rate %j as %j', (text, expected) => {
    expect(parseRate(text)).toBe(expected);
  });
});

describe('the x axis', () => {
  const state = reduceEvents(NO_EVENTS, [
    start({ epochs: 4 }),
    ...Array.from({ length: 20 }, (_, index) => step(index + 1)),
  ]);

  it.each(['step', 'epoch', 'time'] as const)(
    'goes from steps to %s and back, also beyond the last',
    (axis) => {
      const scale = xScale(axis, state);
      let before = -1;
      for (const value of [0, 1, 1.5, 10, 10.5, 19.75, 20, 33, 40]) {
        expect(scale.toStep(scale.toX(value))).toBeCloseTo(value, 6);
        expect(scale.toX(value)).toBeGreaterThan(before);
        before = scale.toX(value);
      }
    },
  );

  it('counts epochs from steps, and seconds from the events', () => {
    expect(xScale('epoch', state).toX(15)).toBe(1.5);
    expect(xScale('time', state).toX(10)).toBe(1);
    // The validation of half a second lies between.
    expect(xScale('time', state).toX(11)).toBe(1.6);
  });

  it('has a place for steps before there is one', () => {
    expect(xScale('time', NO_EVENTS).toStep(xScale('time', NO_EVENTS).toX(7))).toBe(7);
  });
});

describe('zooming', () => {
  const whole = { min: 0, max: 100 };
  it('keeps the step under the pointer, stays inside, and ends at the whole', () => {
    expect(zoomAround(whole, 25, 0.5, whole)).toEqual({ min: 12.5, max: 62.5 });
    expect(zoomAround({ min: 50, max: 100 }, 100, 1.5, whole)).toEqual({ min: 25, max: 100 });
    expect(zoomAround({ min: 50, max: 100 }, 60, 2, whole)).toBeNull();
    expect(zoomAround({ min: 50, max: 54 }, 52, 0.1, whole)).toEqual({ min: 50, max: 54 });
  });

  it('moves along as far as the run goes', () => {
    expect(panBy({ min: 10, max: 30 }, 15, whole)).toEqual({ min: 25, max: 45 });
    expect(panBy({ min: 10, max: 30 }, -15, whole)).toEqual({ min: 0, max: 20 });
    expect(panBy({ min: 10, max: 30 }, 500, whole)).toEqual({ min: 80, max: 100 });
  });
});
