import type { LayerView, ModelView } from '../../../src/protocol/editor';
import { showShape } from '../model/shapeText';
import { configValue } from '../model/text';
import { t, tn } from '../../../src/l10n/translate';

/** `frozen`: nothing but whether it trains has changed. */
export type DiffStatus = 'added' | 'removed' | 'changed' | 'frozen';

/** The order in which they are offered. */
export const STATUSES: readonly DiffStatus[] = ['added', 'removed', 'changed', 'frozen'];

export interface LayerDiff {
  readonly status: DiffStatus;
  /** What changed, a line each: `units: 10 → 5`. */
  readonly lines: readonly string[];
}

export interface ModelDiff {
  /** By id, of the layers that are not the same in both. */
  readonly layers: ReadonlyMap<string, LayerDiff>;
  readonly counts: Readonly<Record<DiffStatus, number>>;
}

/** What surgery and freezing made of a model; layers are the same where their ids are. */
export function diffModels(base: ModelView, model: ModelView): ModelDiff {
  const before = new Map(base.layers.map((layer) => [layer.id, layer]));
  const after = new Map(model.layers.map((layer) => [layer.id, layer]));
  const nameOf = (id: string) => (after.get(id) ?? before.get(id))?.name ?? id;
  const warm = warmWeights(model);
  const layers = new Map<string, LayerDiff>();
  const counts = { added: 0, removed: 0, changed: 0, frozen: 0 };
  const add = (id: string, diff: LayerDiff) => {
    layers.set(id, diff);
    counts[diff.status] += 1;
  };
  for (const layer of base.layers) {
    if (!after.has(layer.id)) add(layer.id, { status: 'removed', lines: [t('Removed')] });
  }
  for (const layer of model.layers) {
    const old = before.get(layer.id);
    const loaded = warm.get(layer.name) ?? 0;
    if (!old) {
      add(layer.id, { status: 'added', lines: [t('Added'), ...warmLines(loaded)] });
      continue;
    }
    const lines = [...changesOf(old, layer, nameOf), ...warmLines(loaded)];
    const freezing = freezingLine(old, layer);
    if (lines.length > 0) add(layer.id, { status: 'changed', lines: [...lines, ...freezing] });
    else if (freezing.length > 0) add(layer.id, { status: 'frozen', lines: freezing });
  }
  return { layers, counts };
}

/** How many weights of each layer, by its name, warm starts took over. */
function warmWeights({ warmStarts = [] }: ModelView): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { matched } of warmStarts) {
    for (const { layer } of matched) counts.set(layer, (counts.get(layer) ?? 0) + 1);
  }
  return counts;
}

const warmLines = (weights: number): readonly string[] =>
  weights === 0
    ? []
    : [tn(weights, '{0} weight taken from another file', '{0} weights taken from another file')];

function freezingLine(old: LayerView, now: LayerView): readonly string[] {
  if (old.trainable === now.trainable || now.weights.length === 0) return [];
  return [now.trainable ? t('Trains now') : t('Frozen')];
}

/** Of pairs that read the same layers, whose names are then in no line: an edit compares only what it touched. */
const knownChanges = new WeakMap<LayerView, { readonly old: LayerView; readonly lines: readonly string[] }>();

function changesOf(old: LayerView, now: LayerView, nameOf: (id: string) => string): readonly string[] {
  const known = knownChanges.get(now);
  if (known?.old === old) return known.lines;
  const lines = findChanges(old, now, nameOf);
  if (isSameList(old.inputs, now.inputs)) knownChanges.set(now, { old, lines });
  return lines;
}

function findChanges(old: LayerView, now: LayerView, nameOf: (id: string) => string): readonly string[] {
  const lines: string[] = [];
  const change = (what: string, from: string, to: string) => {
    if (from !== to) lines.push(`${what}: ${from} → ${to}`);
  };
  change(t('Name'), old.name, now.name);
  change(t('Kind'), old.kind, now.kind);
  lines.push(...configChanges(old, now));
  if (!isSameList(old.inputs, now.inputs)) {
    change(t('Reads'), namesOf(old.inputs, nameOf), namesOf(now.inputs, nameOf));
  }
  change(t('Output'), shapeText(old), shapeText(now));
  const oldShapes = new Map(old.weights.map(({ name, shape }) => [name, shape.join('×')]));
  const fresh = new Set(old.weights.flatMap((weight) => (weight.fresh ? [weight.name] : [])));
  for (const { name, shape, fresh: isFresh } of now.weights) {
    const from = oldShapes.get(name);
    const to = shape.join('×');
    if (from !== undefined && from !== to) lines.push(`${name}: ${from} → ${to}`);
    if (isFresh && !fresh.has(name)) lines.push(t('{0} starts anew', name));
  }
  if (now.isOutput !== old.isOutput) {
    lines.push(now.isOutput ? t('Is an output of the model now') : t('Is no output of the model any more'));
  }
  return lines;
}

/** Settings by name; those of the name and the trainable flag are told by themselves. */
function configChanges(old: LayerView, now: LayerView): readonly string[] {
  if (old.config === now.config) return [];
  const names = new Set([...Object.keys(old.config), ...Object.keys(now.config)]);
  names.delete('name');
  names.delete('trainable');
  const lines: string[] = [];
  for (const name of names) {
    const [from, to] = [old.config[name], now.config[name]];
    if (JSON.stringify(from) === JSON.stringify(to)) continue;
    lines.push(`${name}: ${configValue(from)} → ${configValue(to)}`);
  }
  return lines;
}

const namesOf = (ids: readonly string[], nameOf: (id: string) => string) =>
  ids.map(nameOf).join(', ') || t('nothing');

const shapeText = ({ outputShape }: LayerView) =>
  outputShape === null ? t('unknown') : showShape(outputShape);

const isSameList = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((value, place) => value === b[place]);
