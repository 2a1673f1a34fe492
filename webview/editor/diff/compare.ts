import type { ModelView } from '../../../src/protocol/editor';
import type { Comparison } from './comparison';
import { diffModels, type DiffStatus } from './diffModels';
import { unionModel, type Lines } from './unionModel';

const NO_LINES: Lines = new Map();

/** @param shown changes that are coloured; removed layers are drawn where theirs are among them */
export function compare(base: ModelView, after: ModelView, shown: ReadonlySet<DiffStatus>): Comparison {
  const { model, lines } = shown.has('removed')
    ? unionModel(base, after)
    : { model: { ...after }, lines: NO_LINES };
  return { base, after, shown, diff: diffModels(base, after), model, lines };
}
