import { describe, expect, it } from 'vitest';
import { FAULT_SENTENCE } from '../../../src/core/run/health';
import {
  arrange,
  metricsOf,
  NEWEST_FIRST,
  rowOf,
  type ListedRun,
} from '../../../src/host/runsView/runsModel';

const run = (id: string, changes: Partial<ListedRun> = {}): ListedRun => ({
  ...{ id, name: id, status: 'finished', startedAt: 0, paused: false },
  ...changes,
});
const ids = (runs: readonly ListedRun[]) => runs.map(({ id }) => id);

const a = run('a', { startedAt: 1, metrics: { val_accuracy: 0.8, val_loss: 0.7 }, tags: ['base line'] });
const b = run('b', { startedAt: 2, metrics: { val_accuracy: 0.9, val_loss: NaN }, name: 'frozen 10' });
const c = run('c', { startedAt: 3, name: 'frozen 9', status: 'failed' });

describe('the list of runs', () => {
  it.each([
    ['newest', ['c', 'b', 'a']],
    ['name', ['a', 'c', 'b']],
    ['val_accuracy', ['b', 'a', 'c']],
    // Less is better, and what is no number was not measured.
    ['val_loss', ['a', 'c', 'b']],
  ])('is sorted by %s', (sort, order) => {
    expect(ids(arrange([a, b, c], { sort, filter: '' }))).toEqual(order);
  });

  it.each([
    ['frozen', ['c', 'b']],
    ['FROZEN failed', ['c']],
    ['base', ['a']],
    ['base frozen', []],
  ])('is filtered by the words %s', (filter, left) => {
    expect(ids(arrange([a, b, c], { ...NEWEST_FIRST, filter }))).toEqual(left);
  });

  it('offers the metrics that were measured, validation first', () => {
    expect(metricsOf([a, run('d', { metrics: { accuracy: 1, loss: 2 } })])).toEqual([
      'val_accuracy',
      'val_loss',
      'accuracy',
      'loss',
    ]);
  });
});

describe('a row of the list', () => {
  it('tells how a run came out, by what the list is sorted by', () => {
    expect(rowOf(a, 'newest').description).toBe('val. accuracy 80.0 % · #base line');
    expect(rowOf(a, 'val_loss').description).toBe('val. loss 0.7 · #base line');
    expect(rowOf(b, 'val_loss').description).toBe('val. accuracy 90.0 %');
    expect(rowOf(c, 'newest').description).toBe('failed');
    expect(rowOf({ ...c, when: 'Nov 22, 07:20' }, 'newest').description).toBe('failed · Nov 22, 07:20');
  });

  it.each([
    [run('r'), 'pass-filled', 'run over'],
    [run('r', { status: 'lost' }), 'debug-disconnect', 'run over interrupted'],
    [run('r', { status: 'running' }), 'loading~spin', 'run live going'],
    [
      run('r', { status: 'running', steering: { keepsBest: false, rates: [] } }),
      ...(['loading~spin', 'run live going steerable'] as const),
    ],
    [
      run('r', { status: 'running', paused: true, steering: { keepsBest: true, rates: [] } }),
      ...(['debug-pause', 'run live paused steerable'] as const),
    ],
  ])('has its icon and its menus: %#', (listed, icon, context) => {
    expect(rowOf(listed, 'newest')).toMatchObject({ icon, context });
  });

  it.each([
    ['lost', 'empty', 'warning', 'nothing recorded'],
    ['finished', 'newer', 'warning', 'from a newer version'],
    ['finished', 'modelMissing', 'pass-filled', 'model missing'],
    ['stopped', 'planMissing', 'stop-circle', 'stopped, no plan'],
  ] as const)('says what is wrong with the folder of one that %s: %s', (status, fault, icon, words) => {
    const row = rowOf(run('r', { status, fault, when: 'Nov 22' }), 'newest');
    expect(row.icon).toBe(icon);
    expect(row.description.startsWith(`${words} · `)).toBe(true);
    expect(row.tooltip).toContain(FAULT_SENTENCE[fault].slice(0, 14));
  });

  it('says where a live run is', () => {
    const live = run('r', { status: 'running', progress: 'epoch 3/10' });
    expect(rowOf(live, 'newest').description).toBe('epoch 3/10');
  });

  it('takes no name for Markdown', () => {
    expect(rowOf(run('r', { name: '[x](command:y) **z**' }), 'newest').tooltip).toContain(
      '\\[x\\]\\(command:y\\) \\*\\*z\\*\\*',
    );
  });
});
