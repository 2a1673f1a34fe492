import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../../../src/core/run/compare';
import { bestOf, comparisonCsv, comparisonMarkdown } from '../../../../src/core/run/comparisonText';
import { historyOf, stepAt } from '../../../../src/core/run/history';
import { thinHistory } from '../../../../src/core/run/thinHistory';
import type { RunEvent } from '../../../../src/core/run/events';

const accuracy = { metric: 'accuracy', at: 'best', better: 'higher' } as const;
const comparison: Comparison = {
  operations: [],
  freezeSets: [{ name: 'freeze set', values: ['Freeze a|b', 'Nothing frozen', null] }],
  plan: [{ name: 'batchSize', values: [32, 64, 32] }],
  outcomes: [
    { name: 'accuracy (best epoch)', values: [0.91234567, 0.93, NaN], ...accuracy },
    { name: 'status', values: ['finished', 'finished', 'failed'] },
  ],
};
const names = ['one', 'two, "large"', 'three'];

describe('a comparison as text', () => {
  it('is a line a run in Markdown, the best in bold', () => {
    expect(comparisonMarkdown(names, comparison)).toBe(
      [
        '| run | freeze set | batchSize | accuracy (best epoch) | status |',
        '| --- | --- | --- | --- | --- |',
        '| one | Freeze a\\|b | 32 | 0.9123 | finished |',
        '| two, "large" | Nothing frozen | 64 | **0.9300** | finished |',
        '| three | – | 32 | NaN | failed |',
        '',
      ].join('\n'),
    );
  });

  it('keeps all digits in CSV, and leaves empty what is not there', () => {
    expect(comparisonCsv(names, comparison).split('\n')).toEqual([
      'run,freeze set,batchSize,accuracy (best epoch),status',
      'one,Freeze a|b,32,0.91234567,finished',
      '"two, ""large""",Nothing frozen,64,0.93,finished',
      'three,,32,NaN,failed',
      '',
    ]);
  });

  it('has no best where none is better', () => {
    const row = { name: 'loss (last epoch)', metric: 'loss', at: 'last', better: 'lower' } as const;
    expect(bestOf({ ...row, values: [0.5, 0.5] })).toEqual([]);
    expect(bestOf({ ...row, values: [0.5, null] })).toEqual([]);
    expect(bestOf({ ...row, values: [0.5, 0.2, 0.2] })).toEqual([1, 2]);
    expect(bestOf({ name: 'epochs', values: [3, 4] })).toEqual([]);
  });
});

describe('a long history is thinned', () => {
  const told: RunEvent[] = Array.from({ length: 1000 }, (_, at) => ({
    type: 'step',
    step: at + 1,
    epoch: at < 500 ? 1 : 2,
    time: at,
    metrics: { loss: at === 333 ? 99 : at === 777 ? -99 : Math.sin(at) },
  }));
  const epoch: RunEvent = {
    ...{ type: 'epoch', epoch: 1, step: 500, time: 500, seconds: 1, samplesPerSecond: 1 },
    metrics: { loss: 1 },
  };
  const history = historyOf([...told.slice(0, 500), epoch, ...told.slice(500)]);

  it('without losing an extreme, the first step or the last', () => {
    const { steps, events, before } = thinHistory(history, 100);
    expect(steps.length).toBeLessThanOrEqual(31);
    const kept = Array.from({ length: steps.length }, (_, at) => stepAt(steps, at));
    expect(kept.map(({ step }) => step)).toEqual(expect.arrayContaining([1, 334, 778, 1000]));
    expect(kept.map(({ step }) => step)).toEqual(kept.map(({ step }) => step).toSorted((a, b) => a - b));
    // The epoch stands where it stood: after the steps up to its own.
    expect(events).toEqual([epoch]);
    expect(kept.slice(0, before[0]).every(({ step }) => step <= 500)).toBe(true);
    expect(kept.slice(before[0]).every(({ step }) => step > 500)).toBe(true);
  });

  it('and a short one stays as it is', () => {
    expect(thinHistory(history, 1)).toBe(history);
    expect(thinHistory(history, 1000)).toBe(history);
  });
});
