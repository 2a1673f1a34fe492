import '../../../support/speakKorean';
import { expect, it } from 'vitest';
import { compareRuns, type ComparableRun } from '../../../../src/core/run/compare';
import { comparisonCsv, comparisonMarkdown } from '../../../../src/core/run/comparisonText';
import { bestEpochsOf } from '../../../../webview/metrics/compare/bestEpochs';
import { columnsOf } from '../../../../webview/metrics/compare/tableModel';
import { epoch, start } from '../../webview/metrics/runEvents';

const runOf = (name: string, accuracies: readonly number[]): ComparableRun => ({
  name,
  status: 'finished',
  recipe: { version: 1, operations: name === 'two' ? [{ op: 'remove', layers: ['fc'] }] : [], freeze: [] },
  events: [
    start(),
    ...accuracies.map((value, at) => epoch(at + 1, { loss: 1 - value, val_accuracy: value })),
  ],
});
const comparison = compareRuns([runOf('one', [0.5, 0.75]), runOf('two', [0.875, 0.625])]);
const names = ['one', 'two'];

it('is found by the same names in every language, and keeps them in CSV', () => {
  const [head = '', one = ''] = comparisonCsv(names, comparison).split('\n');
  expect(head.split(',')).toEqual(
    expect.arrayContaining(['run', 'status', 'parameters trained', 'best epoch', 'loss (last epoch)']),
  );
  expect(one).toMatch(/^one,no,finished,/);
  const best = bestEpochsOf({ ids: names, comparison, monitors: [] });
  expect([...best]).toEqual([
    ['one', 2],
    ['two', 1],
  ]);
});

it('is read in Korean as Markdown and on the page', () => {
  const [head = '', , one = ''] = comparisonMarkdown(names, comparison).split('\n');
  expect(head).toMatch(/^\| 실행 \|.* \| 상태 \| .*\| 최적 에포크 \|.* \| loss\(마지막 에포크\) \|/);
  expect(one).toMatch(/^\| one \| 아니요 \| [가-힣]+ \|/);
  const columns = columnsOf(comparison);
  // What is said beside the run's name, or is the same for all, is no column.
  expect(columns.map(({ name }) => name)).not.toContain('status');
  expect(columns.map(({ name }) => name)).not.toContain('parameters');
  expect(columns.find(({ name }) => name === 'val_accuracy (best epoch)')).toMatchObject({
    title: '검증 정확도',
    note: '최적 에포크',
    word: 'val_accuracy(최적 에포크)',
  });
  expect(columns.find(({ name }) => name === 'seconds')?.cells[0]).toMatch(/^\d+초$/);
});
