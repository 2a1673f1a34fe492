import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../src/core/run/events';
import { announceRun } from '../../../../webview/metrics/announce';
import { formatAxisValue, formatSteps } from '../../../../src/core/run/axisLabels';
import { NO_EVENTS, reduceEvents } from '../../../../webview/metrics/runState';
import { end, epoch, start, step } from './runEvents';

const after = (...events: RunEvent[]) => reduceEvents(NO_EVENTS, events);
const values = { loss: 0.5, accuracy: 0.9, val_loss: 0.25, val_accuracy: 0.875 };

describe('what a screen reader is told', () => {
  it('is a sentence an epoch, the same for every step in between', () => {
    const told = announceRun(after(start(), epoch(2, values)), 'running');
    expect(told).toBe(
      'Epoch 2 of 4: loss 0.5000, validation loss 0.2500, accuracy 90.0%, validation accuracy 87.5%.',
    );
    expect(announceRun(after(start(), epoch(2, values), step(21), step(22)), 'running')).toBe(told);
    expect(announceRun(after(start(), step(1)), 'running')).toBe('');
  });

  it('leaves out what was not measured', () => {
    expect(announceRun(after(start(), epoch(1, { loss: 2 })), 'running')).toBe('Epoch 1 of 4: loss 2.0000.');
  });

  it('is how the run ended', () => {
    const events = [start(), epoch(1, values), epoch(2, { ...values, val_accuracy: 0.5 })];
    expect(announceRun(after(...events, end('finished')), 'finished')).toBe(
      'Training finished after 2 of 4 epochs. Best validation accuracy 87.5%, in epoch 1.',
    );
    expect(announceRun(after(start(), end('stopped')), 'stopped')).toBe(
      'Training stopped after 0 of 4 epochs.',
    );
    const error = { code: 'X', message: 'a.h5: found nothing' };
    expect(announceRun(after(end('failed', { error })), 'failed')).toBe(
      'Training failed: a.h5: found nothing',
    );
  });
});

describe('the labels of an axis', () => {
  it.each([
    [formatSteps(0), '0'],
    [formatSteps(940), '940'],
    [formatSteps(12_000), '12k'],
    [formatSteps(1_500_000), '1.5M'],
    [formatAxisValue('loss', 0.5, 0.25, false), '0.50'],
    [formatAxisValue('loss', 2, 1, false), '2'],
    [formatAxisValue('loss', 0.00002, 0.00001, false), '2.0e-5'],
    [formatAxisValue('val_accuracy', 0.975, 0.025, false), '97.5%'],
    [formatAxisValue('accuracy', 0.6, 0.2, false), '60%'],
    [formatAxisValue('val_binaryAccuracy', 0.6, 0.2, false), '60%'],
    [formatAxisValue('loss', 0.01, 1, true), '0.01'],
    [formatAxisValue('loss', 0.00001, 1, true), '1e-5'],
  ])('%s', (written, expected) => expect(written).toBe(expected));
});
