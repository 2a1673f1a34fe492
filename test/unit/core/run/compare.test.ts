import { describe, expect, test } from 'vitest';
import { parsePlan } from '../../../../src/core/plan/parsePlan';
import { compareRuns, showFreezeSet, type ComparableRun } from '../../../../src/core/run/compare';
import { metricsCsv } from '../../../../src/core/run/csv';
import type { RunEvent } from '../../../../src/core/run/events';
import { arrangeRuns, listedRun } from '../../../../src/core/run/listing';
import { outcomeOf } from '../../../../src/core/run/outcome';
import { runReport } from '../../../../src/core/run/report';
import type { Recipe } from '../../../../src/core/surgery/recipe';

const start: RunEvent = {
  type: 'start',
  time: 0,
  version: 1,
  name: 'digits',
  engine: 'cpu',
  device: 'JavaScript',
  epochs: 3,
  stepsPerEpoch: 2,
  trainSamples: 8,
  validationSamples: 2,
  batchSize: 4,
  classes: ['a', 'b'],
  totalParams: 7000,
  trainableParams: 5,
};
const epoch = (number: number, val_loss: number, time = 1000 * number): RunEvent => ({
  ...{ type: 'epoch', time, epoch: number, step: 2 * number, seconds: 1, samplesPerSecond: 8 },
  metrics: { loss: 1 / number, val_loss },
});
const step = (number: number, time = number): RunEvent => ({
  ...{ type: 'step', time, step: number, epoch: Math.ceil(number / 2), metrics: { loss: number } },
});
const resumed = (count: number, time: number): RunEvent => ({
  ...{ type: 'resumed', time, epoch: count, step: 2 * count, checkpoint: 'checkpoints/epoch' },
});
const end: RunEvent = { type: 'end', time: 5000, status: 'finished', model: ['model/model.h5'] };

const append = (units: number): Recipe['operations'][number] => ({
  op: 'append',
  after: 'flatten',
  layers: [{ kind: 'Dense', name: 'head', config: { units } }],
});

function run(
  changes: object = {},
  recipe: Partial<Recipe> = {},
  events: readonly RunEvent[] = [],
): ComparableRun {
  return {
    name: 'digits',
    status: 'finished',
    plan: parsePlan({
      version: 1,
      model: '/m/digits.h5',
      data: { kind: 'images', train: '/data' },
      phases: [{ epochs: 3, optimizer: { kind: 'sgd' } }],
      ...changes,
    }),
    recipe: { version: 1, operations: [], freeze: [], ...recipe },
    events,
  };
}

describe('comparing', () => {
  test('tells words of the plan that differ, and no other', () => {
    const { plan, operations, freezeSets } = compareRuns([
      run({ name: 'one', out: 'x' }),
      run({ batchSize: 8, phases: [{ epochs: 3, optimizer: { kind: 'sgd', learningRate: 0.5 } }] }),
      { ...run(), plan: undefined },
    ]);
    expect(operations).toEqual([]);
    expect(freezeSets).toEqual([
      { name: 'freeze set', values: ['as the model is', 'as the model is', null] },
    ]);
    expect(plan.filter(({ values: [a, b] }) => a !== b)).toEqual([
      { name: 'phases[0].optimizer.learningRate', values: [0.01, 0.5, null] },
      { name: 'batchSize', values: [32, 8, null] },
    ]);
  });

  test('tells surgery that not all have, also where only a layer’s configuration differs', () => {
    const cut = { op: 'cut' as const, after: 'flatten' };
    const comparison = compareRuns([
      run({}, { operations: [cut, append(3)] }),
      run({}, { operations: [cut, append(5)] }),
      run({}, { operations: [{ ...cut, disabled: true }, append(5)] }),
    ]);
    const [three, five] = [3, 5].map((units) => `Append head after flatten ${JSON.stringify(append(units))}`);
    expect(comparison.operations).toEqual([
      { name: 'Cut after flatten', values: ['yes', 'yes', 'no'] },
      { name: three, values: ['yes', 'no', 'no'] },
      { name: five, values: ['no', 'yes', 'yes'] },
    ]);
    expect(comparison.plan).toEqual([]);
  });

  test('tells the order, where that is all that differs', () => {
    const [a, b] = ['a', 'b'].map((layer) => ({ op: 'reinitialize' as const, layers: [layer] }));
    const orders = [
      [a!, b!],
      [b!, a!],
    ];
    expect(compareRuns(orders.map((operations) => run({}, { operations }))).operations).toEqual([
      {
        name: 'order of operations',
        values: ['Reinitialize a, Reinitialize b', 'Reinitialize b, Reinitialize a'],
      },
    ]);
  });

  test('tells freeze sets in words, a phase’s own before the recipe’s', () => {
    const freeze = [{ match: { stages: 2 } }, { match: { kind: 'BatchNormalization' }, trainable: true }];
    const phases = [{ epochs: 1, optimizer: { kind: 'sgd' }, freeze: [{ match: { all: true } }] }];
    expect(compareRuns([run({}, { freeze }), run({ phases }, { freeze })]).freezeSets).toEqual([
      {
        name: 'freeze set',
        values: ['Freeze the first 2 stages, then Unfreeze BatchNormalization layers', 'Freeze all layers'],
      },
    ]);
  });

  test('tells rules that open all first by what they freeze then', () => {
    const open = { match: { all: true as const }, trainable: true };
    expect(showFreezeSet([open])).toBe('Nothing frozen');
    expect(showFreezeSet([open, { match: { stages: 2 } }])).toBe('Freeze the first 2 stages, train the rest');
  });

  test('puts what came out beside it', () => {
    const { outcomes } = compareRuns([
      run({}, {}, [start, epoch(1, 0.5), epoch(2, 0.25), epoch(3, NaN), end]),
      { ...run(), status: 'lost' },
    ]);
    expect(Object.fromEntries(outcomes.map(({ name, values }) => [name, values]))).toEqual({
      status: ['finished', 'lost'],
      engine: ['cpu (JavaScript)', null],
      parameters: [7000, null],
      'parameters trained': [5, null],
      epochs: [3, 0],
      seconds: [5, 0],
      'best epoch by': ['val_loss', null],
      'best epoch': [2, null],
      'loss (best epoch)': [0.5, null],
      'loss (last epoch)': [1 / 3, null],
      'val_loss (best epoch)': [0.25, null],
      'val_loss (last epoch)': [NaN, null],
    });
  });
});

describe('what came out', () => {
  const killed = [start, epoch(1, 0.5), epoch(2, 0.1), resumed(1, 60_000), epoch(2, 0.4, 61_000)];

  test('is without what a killed process did that was done again, and without the time in between', () => {
    const { epochs, best, seconds } = outcomeOf(killed);
    expect(epochs.map(({ time }) => time)).toEqual([1000, 61_000]);
    expect(best?.metrics.val_loss).toBe(0.4);
    expect(seconds).toBe(3);
  });

  test('goes by what is asked for where that was measured', () => {
    expect(outcomeOf(killed, 'loss')).toMatchObject({ monitor: 'loss', best: { epoch: 2 } });
    expect(outcomeOf(killed, 'auc').monitor).toBe('val_loss');
    expect(outcomeOf([epoch(1, NaN)]).best).toBeUndefined();
  });
});

describe('a list of runs', () => {
  const listed = [
    { ...run({}, {}, [start, epoch(1, 0.5)]), folder: 'a', startedAt: 1, problems: [] },
    { ...run({}, {}, [start, epoch(1, 0.25)]), folder: 'b', startedAt: 2, problems: [], name: 'Flowers' },
    {
      ...run(),
      folder: 'c',
      startedAt: 3,
      problems: [{ message: 'broken' }],
      status: 'lost' as const,
      tags: ['keep this'],
    },
  ].map((each) => listedRun(each));
  const folders = (options: Parameters<typeof arrangeRuns>[1]) =>
    arrangeRuns(listed, options).map(({ folder }) => folder);

  test('is sorted by a metric, the best first, runs without it last', () => {
    expect(folders({ sort: 'val_loss' })).toEqual(['b', 'a', 'c']);
    expect(folders({ sort: 'started' })).toEqual(['c', 'b', 'a']);
  });

  test('is filtered by status and name', () => {
    expect(folders({ sort: 'started', status: 'lost' })).toEqual(['c']);
    expect(folders({ sort: 'started', name: 'flow' })).toEqual(['b']);
    expect(folders({ sort: 'started', name: 'KEEP' })).toEqual(['c']);
  });
});

test('metrics as CSV have each step and epoch that counts once', () => {
  const events = [start, step(1), epoch(1, 0.5), step(3), resumed(1, 5), step(3, 8), epoch(2, NaN)];
  expect(metricsCsv(events).trimEnd().split('\n')).toEqual([
    'kind,epoch,step,time,loss,val_loss,seconds,samplesPerSecond',
    'step,1,1,1970-01-01T00:00:00.001Z,1,,,',
    'epoch,1,2,1970-01-01T00:00:01.000Z,1,0.5,1,8',
    'step,2,3,1970-01-01T00:00:00.008Z,3,,,',
    'epoch,2,4,1970-01-01T00:00:02.000Z,0.5,NaN,1,8',
  ]);
});

test('a report says what the run was and what came of it, and holds no markup of others', () => {
  const warning: RunEvent = { type: 'warning', time: 1, code: 'X', message: 'a | b\n<script>' };
  const reported = {
    ...run({}, { operations: [append(3)] }, [start, epoch(1, 0.5), epoch(2, 0.75), warning, end]),
    startedAt: 0,
    problems: [],
  };
  const report = runReport(reported, { loss: 'loss.svg' });
  for (const said of [
    '# digits\n',
    '| parameters | 5 of 7,000 trained |',
    '- Append head after flatten\n',
    '1. 3 epochs, sgd at 0.01; as the model is\n',
    '| val_loss | 0.5000 | 0.7500 |',
    '![loss](<loss.svg>)',
    '| 1 (best) | 1 | 0.5000 | 1 |',
    '- a \\| b &lt;script>',
  ])
    expect(report).toContain(said);
});
