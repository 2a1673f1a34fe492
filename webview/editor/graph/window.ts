import type { Bounds } from '../layout/layoutGraph';
import type { Drawn } from '../state/editorState';
import { areaSeen, NODE_SIZE } from './geometry';
import type { View } from './geometry';

/**
 * What of a drawing is given to the page: all of it, nothing while the size of the page is not known, what touches an
 * area, or a painting of all of it where more cards are in sight than a page mounts in a moment.
 */
export type Window = 'all' | 'none' | 'overview' | Bounds;

/** So many cards in sight are mounted; it is some way beyond where their words can be read. */
const MOUNTED = 240;
/** React Flow walks over all it is given at each move, which so many are no trouble for. */
const GIVEN = 1000;

/**
 * The window for a view, as text, so that it is a new one only when it is another: areas lie on a grid whose cells are
 * as large as the view or up to twice that, and two by two of them are given.
 */
export function windowKey(drawn: Drawn, view: View, width: number, height: number): string {
  const last = lastKeys.get(drawn);
  if (
    last?.width === width &&
    last.height === height &&
    last.view.x === view.x &&
    last.view.y === view.y &&
    last.view.zoom === view.zoom
  ) {
    return last.key;
  }
  const key = findKey(drawn, view, width, height);
  lastKeys.set(drawn, { view, width, height, key });
  return key;
}

/** React Flow asks at each of its changes, most of which leave the view alone. */
const lastKeys = new WeakMap<
  Drawn,
  { readonly view: View; readonly width: number; readonly height: number; readonly key: string }
>();

function findKey(drawn: Drawn, view: View, width: number, height: number): string {
  const { nodes } = drawn.scene;
  if (nodes.length <= MOUNTED) return 'all';
  if (width === 0 || height === 0) return nodes.length <= GIVEN ? 'all' : 'none';
  const seen = areaSeen(view, width, height);
  if (countIn(drawn, seen, MOUNTED) > MOUNTED) return 'overview';
  if (nodes.length <= GIVEN) return 'all';
  const [across, down] = [cellOf(seen.width), cellOf(seen.height)];
  const [column, row] = [Math.floor(seen.x / across), Math.floor(seen.y / down)];
  return [column * across, row * down, 2 * across, 2 * down].join(' ');
}

export function windowOf(key: string): Window {
  if (key === 'all' || key === 'none' || key === 'overview') return key;
  const [x = 0, y = 0, width = 0, height = 0] = key.split(' ').map(Number);
  return { x, y, width, height };
}

function cellOf(length: number): number {
  return 2 ** Math.ceil(Math.log2(length));
}

/** How many cards touch an area; stops counting beyond `most`. */
function countIn({ layout }: Drawn, { x, y, width, height }: Bounds, most: number): number {
  // Of corners: a card reaches into the area from so far outside of it.
  const [left, top] = [x - NODE_SIZE.width, y - NODE_SIZE.height];
  const [right, bottom] = [x + width, y + height];
  let count = 0;
  for (const at of layout.positions) {
    if (at.y > top && at.y < bottom && at.x > left && at.x < right && ++count > most) break;
  }
  return count;
}
