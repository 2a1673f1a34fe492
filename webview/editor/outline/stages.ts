import type { LayerView } from '../../../src/protocol/editor';
import { box, countBlocks, withoutLoneBox } from './box';
import type { Item } from './outline';
import type { Members, Wiring } from './wiring';
import { t } from '../../../src/l10n/translate';

/** So few layers of a stage are easier seen than opened. */
const LEAST = 3;

/** Beyond the last stage: layers behind the pictures, which is where heads are. */
const HEAD = Number.MAX_SAFE_INTEGER;

/**
 * A box a stage. Along every path stages only grow, so sorted by them the members are still in topological order;
 * where a shared layer breaks that, or there is one stage only, they are not cut.
 */
export function stagesOf(
  wiring: Wiring,
  members: Members,
  inside: (wiring: Wiring, members: Members) => readonly Item[],
): readonly Item[] {
  const stageOf = (place: number) => (wiring.layers[place]!.stage < 0 ? HEAD : wiring.layers[place]!.stage);
  const own = new Set(members);
  const grows = members.every((place) =>
    wiring.inputs[place]!.every((input) => !own.has(input) || stageOf(input) <= stageOf(place)),
  );
  const stages = new Map<number, number[]>();
  for (const place of members) {
    const stage = stages.get(stageOf(place));
    if (stage) stage.push(place);
    else stages.set(stageOf(place), [place]);
  }
  if (!grows || stages.size < 2) return inside(wiring, members);
  return [...stages]
    .sort(([a], [b]) => a - b)
    .flatMap(([stage, layers]): Item | readonly Item[] => {
      if (layers.length < LEAST) return layers.map((place) => wiring.layers[place]!.id);
      const items = withoutLoneBox(inside(wiring, layers));
      const size = stage === HEAD ? '' : resolution(layers.map((place) => wiring.layers[place]!));
      const blocks = countBlocks(items);
      return box({
        id: `box:stage:${wiring.layers[layers[0]!]!.id}`,
        role: 'stage',
        title: stage === HEAD ? t('Head') : t('Stage {0}', stage + 1),
        note: [size, blocks > 1 ? t('{0} blocks', blocks) : ''].filter(Boolean).join(' · '),
        items,
      });
    });
}

/** `28×28`, as most of its layers have it: padding and unpadded kernels shave rims off. */
function resolution(layers: readonly LayerView[]): string {
  const counts = new Map<string, number>();
  for (const { outputShape } of layers) {
    if (outputShape === null || outputShape.length < 3) continue;
    const size = outputShape
      .slice(1, -1)
      .map((length) => length ?? '?')
      .join('×');
    counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), ['', 0] as const)[0];
}
