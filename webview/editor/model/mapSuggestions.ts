import type { LayerView, ModelView } from '../../../src/protocol/editor';

/** A layer whose weights a warm start did not find, and the donor's layers that could be it. */
export interface Unfound {
  readonly layer: string;
  /** Names, the likeliest first. */
  readonly candidates: readonly string[];
}

/** A list that is chosen from by hand ends somewhere. */
const MOST_CANDIDATES = 100;

/**
 * For each layer of a model that found no counterpart, the donor's layers with weights of the same shapes: first those
 * that nothing took, then by how much of the name is the same, then by how far from the layer they stand.
 */
export function suggestMap(
  model: ModelView,
  donor: ModelView,
  unmatched: ReadonlySet<string>,
  taken: ReadonlySet<string>,
): readonly Unfound[] {
  const bySizes = new Map<string, { readonly layer: LayerView; readonly place: number }[]>();
  weighted(donor).forEach((layer, place) => {
    const key = sizesOf(layer);
    const same = bySizes.get(key);
    if (same) same.push({ layer, place });
    else bySizes.set(key, [{ layer, place }]);
  });
  const own = weighted(model);
  const stretch = own.length > 1 ? (weighted(donor).length - 1) / (own.length - 1) : 1;
  return own.flatMap((layer, at) => {
    if (!unmatched.has(layer.name)) return [];
    const ranked = (bySizes.get(sizesOf(layer)) ?? [])
      .map(({ layer: { name }, place }) => ({
        name,
        free: taken.has(name) ? 0 : 1,
        alike: likeness(name, layer.name),
        away: Math.abs(place - at * stretch),
      }))
      .sort((a, b) => b.free - a.free || b.alike - a.alike || a.away - b.away);
    return [{ layer: layer.name, candidates: ranked.slice(0, MOST_CANDIDATES).map(({ name }) => name) }];
  });
}

/** The first candidate of each that no other has: what one would choose going down the list. */
export function firstChoices(
  unfound: readonly Unfound[],
  taken: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const used = new Set(taken);
  return Object.fromEntries(
    unfound.flatMap(({ layer, candidates }) => {
      const choice = candidates.find((name) => !used.has(name));
      if (choice === undefined) return [];
      used.add(choice);
      return [[layer, choice]];
    }),
  );
}

const weighted = ({ layers }: ModelView) => layers.filter(({ weights }) => weights.length > 0);

/** Sizes in any order: PyTorch keeps a kernel's axes the other way round. */
const sizesOf = ({ weights }: LayerView) =>
  weights
    .map(({ shape }) => shape.toSorted((a, b) => a - b).join('×'))
    .sort()
    .join(' ');

/** The share of the words of two names, counted from their ends, that are the same: what comes first is of whole models. */
function likeness(a: string, b: string): number {
  const [first, second] = [wordsOf(a), wordsOf(b)];
  const same = first.filter((word, place) => word === second[place]).length;
  return same / Math.max(first.length, second.length, 1);
}

/** Numbers and letters between `_`, `.` and `/`, the last first. */
const wordsOf = (name: string) => (name.toLowerCase().match(/\d+|[a-z]+/g) ?? []).toReversed();
