import { describe, expect, test } from 'vitest';
import {
  areaSeen,
  holds,
  NODE_SIZE,
  openingView,
  pathThrough,
  viewOf,
} from '../../../webview/editor/graph/geometry';

describe('a line', () => {
  const bend = [
    { x: 10, y: 0 },
    { x: 10, y: 20 },
    { x: 50, y: 60 },
    { x: 50, y: 90 },
  ];
  const turned = bend.map(({ x, y }) => ({ x: y, y: x }));

  test('is straight where it runs with the flow, and an S between ranks', () => {
    expect(pathThrough([bend], 'down')).toBe('M10,0V20C10,40 50,40 50,60V90');
    expect(pathThrough([turned], 'right')).toBe('M0,10H20C40,10 40,50 60,50H90');
    expect(pathThrough([[]], 'down')).toBe('');
  });

  test('is lifted between its pieces', () => {
    expect(pathThrough([bend.slice(0, 2), bend.slice(2)], 'down')).toBe('M10,0V20M50,60V90');
  });
});

describe('the view of an area', () => {
  const area = { x: 1000, y: -500, width: 4000, height: 3000 };

  test('holds all of it', () => {
    const seen = areaSeen(viewOf(area, 900, 700), 900, 700);
    expect(holds(seen, area)).toBe(true);
  });

  test('is not larger than life', () => {
    expect(viewOf({ x: 0, y: 0, width: 10, height: 10 }, 900, 700).zoom).toBe(1);
  });
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
