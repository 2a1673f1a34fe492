import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../src/core/run/events';
import { estimateTimeLeft, samplesPerSecond } from '../../../../src/core/run/pace';
import { measureProgress } from '../../../../webview/metrics/progress';
import { NO_EVENTS, reduceEvents } from '../../../../webview/metrics/runState';
import { end, epoch, start, step, T0, wholeEpochs } from './runEvents';

const after = (...events: RunEvent[]) => reduceEvents(NO_EVENTS, events);

describe('the time left', () => {
  it('is not guessed from a step or two', () => {
    expect(estimateTimeLeft(after(start(), step(1), step(2), step(3)))).toBeNull();
  });

  it('is the pace of the steps before the first epoch is over', () => {
    const state = after(start(), step(1), step(2), step(3), step(4), step(5));
    expect(estimateTimeLeft(state)).toBeCloseTo(35 * 0.1, 6);
  });

  it('is the pace of whole epochs, with their validation, after that', () => {
    expect(estimateTimeLeft(after(...wholeEpochs(2)))).toBeCloseTo(2 * 1.5, 6);
    expect(
      estimateTimeLeft(after(...wholeEpochs(2), step(21), step(22), step(23), step(24), step(25))),
    ).toBeCloseTo(1.5 * 1.5, 6);
  });

  it('does not count the epochs of another phase', () => {
    const phase = {
      type: 'phase',
      phase: 1,
      epoch: 3,
      time: T0 + 3000,
      trainableLayers: 9,
      frozenLayers: 0,
    } as const;
    const slow = [1, 2, 3, 4, 5].map((index) =>
      step(20 + index, { loss: 1 }, { time: T0 + 3000 + index * 1000 }),
    );
    expect(estimateTimeLeft(after(...wholeEpochs(2), phase, ...slow))).toBeCloseTo(15 * 1, 6);
  });

  it('is nothing to speak of when the run has ended', () => {
    expect(estimateTimeLeft(after(...wholeEpochs(2), end('stopped')))).toBeNull();
  });
});

describe('samples a second', () => {
  it('are those of the latest steps, of the epoch between epochs', () => {
    expect(samplesPerSecond(after(start(), step(1), step(2), step(3), step(4)))).toBeCloseTo(320, 6);
    expect(samplesPerSecond(after(...wholeEpochs(1)))).toBe(213);
    expect(samplesPerSecond(after(...wholeEpochs(1), step(11), step(12), step(13), step(14)))).toBeCloseTo(
      320,
      6,
    );
    expect(samplesPerSecond(after(start()))).toBeNull();
  });
});

describe('progress', () => {
  const progress = (state: ReturnType<typeof after>, now: number) => measureProgress(state, 'running', now);

  it('goes on with the clock while a run is live', () => {
    const state = after(...wholeEpochs(2));
    expect(progress(state, T0 + 3000)).toMatchObject({
      elapsedSeconds: 3,
      secondsLeft: 3,
      fraction: 0.5,
      step: 20,
    });
    expect(progress(state, T0 + 4000)).toMatchObject({ elapsedSeconds: 4, secondsLeft: 2 });
    expect(progress(state, T0 + 9000)).toMatchObject({ secondsLeft: 0 });
  });

  it('stands still when a run has ended', () => {
    const state = after(...wholeEpochs(4), end('finished'));
    expect(measureProgress(state, 'finished', T0 + 99_000)).toMatchObject({
      activity: 'ended',
      elapsedSeconds: 6.1,
      secondsLeft: null,
      fraction: 1,
    });
    expect(measureProgress(after(...wholeEpochs(1)), 'lost', T0 + 99_000).elapsedSeconds).toBe(1.5);
  });

  it('says what the run is at', () => {
    expect(progress(NO_EVENTS, T0).activity).toBe('starting');
    expect(progress(after(start()), T0).activity).toBe('preparing');
    expect(progress(after(start(), step(9)), T0).activity).toBe('training');
    expect(progress(after(start(), step(10)), T0).activity).toBe('validating');
    expect(progress(after(start({ validationSamples: 0 }), step(10)), T0).activity).toBe('training');
    expect(progress(after(...wholeEpochs(1)), T0).activity).toBe('training');
    expect(progress(after(...wholeEpochs(4)), T0).activity).toBe('saving');
  });

  it('counts a step of an epoch event alone', () => {
    expect(progress(after(start(), epoch(3)), T0)).toMatchObject({ epoch: 3, step: 30, fraction: 0.75 });
  });
});
