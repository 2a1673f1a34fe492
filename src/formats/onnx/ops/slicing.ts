import { t } from '../../../l10n/translate';
import { axisAlone, groupsOf, regrouped } from '../folded';
import type { NodeCall } from '../nodeCall';
import { Unsupported } from '../unsupported';
import { channelsLast, identityOrder, resolveAxis, sameOrder, type Value } from '../value';
import { kept } from './tensor';

/** What is left of a tensor by [start, end) along some axes: of an image's height and width, a crop. */
export async function slice(call: NodeCall): Promise<Value> {
  const starts = (await call.numbersOf('starts', 1)) ?? [];
  const ends = (await call.numbersOf('ends', 2)) ?? [];
  const axes = (await call.numbersOf('axes', 3)) ?? identityOrder(starts.length);
  const steps = (await call.numbersOf('steps', 4)) ?? starts.map(() => 1);
  const given = call.anyValue();
  const apart = given.flattened ? call.graph.plain(given) : given;
  const rank = groupsOf(apart).length;
  const resolved = axes.map((axis) => resolveAxis(axis, rank));
  const input = resolved.every((axis) => axisAlone(apart, axis) !== undefined) ? apart : call.value();
  const key = (input.shape ?? []).map(() => ({ ...WHOLE }) as Stretch);
  const changed = resolved.flatMap((axis, index) => {
    const place = axisAlone(input, axis) ?? 0;
    const [start = 0, end = 0, step = 1] = [starts[index], ends[index], steps[index]];
    const size = input.shape?.[place] ?? null;
    const isWhole = step === 1 && start === 0 && end >= (size ?? Number.MAX_SAFE_INTEGER);
    if (isWhole) return [];
    if (place === 0) throw new Unsupported(t('it slices the batch'));
    if (size === null) throw new Unsupported(t('it slices axis {0}, whose size is not known', axis));
    if (!Number.isSafeInteger(step) || step === 0) throw new Unsupported(t('its step is {0}', step));
    const inside = (at: number) => Math.min(size, Math.max(step > 0 ? 0 : -1, at < 0 ? at + size : at));
    const last = inside(end);
    key[place] = {
      start: step > 0 ? inside(start) : Math.min(size - 1, inside(start)),
      stop: last === -1 || (step < 0 && end < -size) ? null : last,
      step,
    };
    return [place];
  });
  if (changed.length === 0) return input;
  const isCrop =
    rank === 4 &&
    changed.every((place) => (place === 1 || place === 2) && key[place]?.step === 1) &&
    input.order;
  if (isCrop && input.order && sameOrder(input.order, channelsLast(4))) {
    const cropping = [1, 2].map((place) => {
      const [size, { start, stop } = WHOLE] = [input.shape?.[place] ?? 0, key[place]];
      return [start ?? 0, size - (stop ?? size)] as const;
    });
    return kept(call.graph.add({ kind: 'Cropping2D', config: { cropping }, inputs: [input] }), input);
  }
  const made = call.graph.add({ kind: 'GetItem', config: { key }, inputs: [input] });
  return kept(regrouped(made, groupsOf(input)), input);
}

const WHOLE: Stretch = { start: null, stop: null, step: null };

interface Stretch {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;
}
