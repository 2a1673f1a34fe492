import { describe, expect, it } from 'vitest';
import { MOST_COMPARED } from '../../../../../src/protocol/runComparison';
import { chooseRuns, parseChosen, toggleRun } from '../../../../../webview/metrics/compare/chosenRuns';

describe('the runs that are compared', () => {
  it('keep their colours while others come and go', () => {
    const three = chooseRuns([], ['a', 'b', 'c']);
    expect(three.map(({ slot }) => slot)).toEqual([0, 1, 2]);
    const without = toggleRun(three, 'a');
    expect(without).toEqual([
      { id: 'b', slot: 1 },
      { id: 'c', slot: 2 },
    ]);
    expect(toggleRun(without, 'd').at(-1)).toEqual({ id: 'd', slot: 0 });
    expect(chooseRuns(without, ['x', 'c'])).toEqual([
      { id: 'x', slot: 0 },
      { id: 'c', slot: 2 },
    ]);
  });

  it('are no more than there are colours', () => {
    const many = chooseRuns(
      [],
      Array.from({ length: 20 }, (_, at) => String(at)),
    );
    expect(many).toHaveLength(MOST_COMPARED);
    expect(new Set(many.map(({ slot }) => slot)).size).toBe(MOST_COMPARED);
    expect(toggleRun(many, 'one more')).toEqual(many);
  });

  it.each([undefined, 7, ['a'], [{ id: 1, slot: 0 }], [{ id: 'a' }], [{ id: 'a', slot: 'x' }]])(
    'are none where a page remembers something else: %j',
    (remembered) => {
      expect(parseChosen(remembered)).toEqual([]);
    },
  );

  it('are those that a page remembers, each once', () => {
    const chosen = { id: 'a', slot: 4 };
    expect(parseChosen([chosen, chosen])).toEqual([chosen]);
    expect(parseChosen([{ id: 'a', slot: 99 }])).toEqual([{ id: 'a', slot: 0 }]);
  });
});
