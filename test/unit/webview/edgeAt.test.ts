import { describe, expect, test } from 'vitest';
import { edgeAt } from '../../../webview/editor/graph/edgeAt';
import type { Direction } from '../../../webview/editor/layout/direction';
import type { Drawn } from '../../../webview/editor/state/editorState';

const drawn = (routes: Drawn['layout']['routes'], direction: Direction = 'down') =>
  ({ layout: { routes }, direction }) as unknown as Drawn;

/** Down beside each other: one straight, one that swings to the right. */
const two = [
  [
    [
      { x: 0, y: 0 },
      { x: 0, y: 100 },
    ],
  ],
  [
    [
      { x: 20, y: 0 },
      { x: 120, y: 100 },
    ],
  ],
];

describe('the line at a point', () => {
  test('is the nearest within reach', () => {
    expect(edgeAt(drawn(two), { x: 3, y: 50 }, 8)).toBe(0);
    expect(edgeAt(drawn(two), { x: 17, y: 2 }, 8)).toBe(1);
    expect(edgeAt(drawn(two), { x: 9, y: 2 }, 20)).toBe(0);
    expect(edgeAt(drawn(two), { x: 300, y: 50 }, 8)).toBeUndefined();
    expect(edgeAt(drawn(two), { x: 0, y: 110 }, 8)).toBeUndefined();
  });

  test('follows the swing, as it is drawn', () => {
    // Leaves and arrives along the flow: at a quarter of the way down it has hardly moved aside.
    const middle = { x: 70, y: 50 };
    expect(edgeAt(drawn(two), middle, 2)).toBe(1);
    const onStraightLine = { x: 40, y: 20 };
    expect(edgeAt(drawn(two), onStraightLine, 6)).toBeUndefined();
    const turned = [
      [
        [
          { x: 0, y: 20 },
          { x: 100, y: 120 },
        ],
      ],
    ];
    expect(edgeAt(drawn(turned, 'right'), { x: 50, y: 70 }, 2)).toBe(0);
    expect(edgeAt(drawn(turned, 'right'), { x: 20, y: 40 }, 6)).toBeUndefined();
  });
});
