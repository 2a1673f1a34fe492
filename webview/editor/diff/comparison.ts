import type { EditorToHost, ModelView } from '../../../src/protocol/editor';
import { carryIndex } from '../model/modelIndex';
import { carryOutline } from '../outline/outline';
import type { SceneNode } from '../outline/scene';
import type { EditorState } from '../state/editorState';
import type { Store } from '../state/store';
import type { compare as Compare } from './compare';
import type { DiffStatus, LayerDiff, ModelDiff } from './diffModels';
import type { Lines } from './unionModel';
import { t } from '../../../src/l10n/translate';

/** A model beside what it was made of. */
export interface Comparison {
  readonly base: ModelView;
  readonly after: ModelView;
  /** The changes that are coloured; removed layers are drawn while theirs are among them. */
  readonly shown: ReadonlySet<DiffStatus>;
  readonly diff: ModelDiff;
  /** What is on the canvas. */
  readonly model: ModelView;
  readonly lines: Lines;
}

/** Freezing is asked for by itself: it would colour nearly everything. */
export const SHOWN_FIRST: ReadonlySet<DiffStatus> = new Set(['added', 'removed', 'changed']);

/** The model that the canvas draws. */
export function canvasModel({
  comparison,
  model,
}: Pick<EditorState, 'comparison' | 'model'>): ModelView | null {
  return comparison?.model ?? model;
}

/** Keeps the comparison up with the model while one is wanted; the base is asked for the first time. */
export function compareModels(store: Store<EditorState>, post: (message: EditorToHost) => void): void {
  let asked = false;
  let compare: typeof Compare | undefined;
  const keepUp = () => {
    const { model, base, comparing, comparison } = store.get();
    if (comparing === null || model === null) return store.set({ comparison: null });
    if (!asked) {
      asked = true;
      if (base === null) post({ type: 'base' });
      // Fetched while the host reads the base: the first look at a model has no use for it.
      void import('./compare').then((module) => {
        compare = module.compare;
        keepUp();
      });
    }
    if (base === null || !compare) return;
    if (comparison?.after === model && comparison.base === base && comparison.shown === comparing) return;
    const next = compare(base, model, comparing);
    const before = comparison?.model ?? model;
    carryIndex(before, next.model);
    carryOutline(before, next.model);
    store.set({ comparison: next });
  };
  store.subscribe(keepUp);
}

/** What is shown of a layer's change; undefined where it is not shown, or there is none. */
export function shownDiff({ diff, shown }: Comparison, id: string): LayerDiff | undefined {
  const found = diff.layers.get(id);
  return found && shown.has(found.status) ? found : undefined;
}

/** Of a card: a layer's; of a closed box `changed` where its layers differ in what happened to them. */
export function shownOf(
  comparison: Comparison,
  { id, box }: Pick<SceneNode, 'id' | 'box'>,
): LayerDiff | undefined {
  if (!box) return shownDiff(comparison, id);
  const counts = new Map<DiffStatus, number>();
  for (const layer of box.layers) {
    const found = shownDiff(comparison, layer);
    if (found) counts.set(found.status, (counts.get(found.status) ?? 0) + 1);
  }
  const [first, ...others] = counts.keys();
  if (first === undefined) return undefined;
  const total = [...counts.values()].reduce((sum, layers) => sum + layers, 0);
  const status = others.length === 0 && total === box.layers.length ? first : 'changed';
  return { status, lines: [...counts].map(([each, layers]) => COUNTED[each](layers)) };
}

export const WORDS: Readonly<Record<DiffStatus, string>> = {
  added: t('Added'),
  removed: t('Removed'),
  changed: t('Changed'),
  frozen: t('Freezing changed'),
};

const COUNTED: Readonly<Record<DiffStatus, (layers: number) => string>> = {
  added: (layers) => t('{0} added', layers),
  removed: (layers) => t('{0} removed', layers),
  changed: (layers) => t('{0} changed', layers),
  frozen: (layers) => t('{0} freezing changed', layers),
};

/** Ids of the layers whose change is shown, in the order of the canvas. */
export function shownChanges(comparison: Comparison): readonly string[] {
  return comparison.model.layers.filter(({ id }) => shownDiff(comparison, id)).map(({ id }) => id);
}

/** The change after the one at `id`, or with -1 the one before it; around at the ends. */
export function nextChange(comparison: Comparison, id: string | null, step: 1 | -1): string | undefined {
  const changes = shownChanges(comparison);
  const at = id === null ? -1 : changes.indexOf(id);
  if (at >= 0) return changes[(at + step + changes.length) % changes.length];
  // From a layer that has not changed: the nearest in the order.
  const order = new Map(comparison.model.layers.map((layer, place) => [layer.id, place]));
  const from = id === null ? -1 : (order.get(id) ?? -1);
  const isBeyond = (change: string) => order.get(change)! > from;
  if (step > 0) return changes.find(isBeyond) ?? changes[0];
  return changes.findLast((change) => !isBeyond(change)) ?? changes.at(-1);
}
