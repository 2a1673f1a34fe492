import { describe, expect, test } from 'vitest';
import { NODE_SIZE, openingView, pathThrough } from '../../../webview/editor/graph/geometry';

test('a line is straight where it is vertical, and an S between ranks', () => {
  const path = pathThrough([
    { x: 10, y: 0 },
    { x: 10, y: 20 },
    { x: 50, y: 60 },
    { x: 50, y: 90 },
  ]);
  expect(path).toBe('M10,0V20C10,40 50,40 50,60V90');
  expect(pathThrough([])).toBe('');
});

describe('the first look', () => {
  const at = (x: number, view: { x: number; zoom: number }) => x * view.zoom + view.x;

  test('shows all of a small graph, in the middle', () => {
    const view = openingView({ x: 0, y: 0, width: 224, height: 400 }, 900, 700);
    expect(view.zoom).toBe(1);
    expect(at(112, view)).toBe(450);
  });

  test('shows the beginning of a long one, easy to read', () => {
    const view = openingView({ x: -100, y: 0, width: 324, height: 9000 }, 900, 700);
    expect(view.zoom).toBe(0.9);
    expect(view.y).toBeGreaterThan(0);
  });

  test('shows all of the width where that is legible', () => {
    const view = openingView({ x: -264, y: 0, width: 1200, height: 9000 }, 900, 700);
    expect(view.zoom).toBeLessThan(0.9);
    expect(at(-264, view)).toBeGreaterThan(0);
    expect(at(936, view)).toBeLessThan(900);
  });

  test('centres the first layer of one that is wider still', () => {
    const view = openingView({ x: -5000, y: 0, width: 9000, height: 9000 }, 900, 700);
    expect(view.zoom).toBe(0.65);
    expect(at(NODE_SIZE.width / 2, view)).toBe(450);
  });
});
