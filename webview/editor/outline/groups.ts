import type { Item } from './outline';
import { box, withoutLoneBox } from './box';
import type { Members, Wiring } from './wiring';

/** What is made of a stretch of layers that no group is around. */
type Inside = (members: Members) => readonly Item[];

/** So often circles of groups are looked for; after that no group stays whole, which is always possible. */
const PASSES = 8;

/** Layers of one group, or one layer that is in none; `key` is the group's next name. */
interface Unit {
  readonly key: string | undefined;
  readonly members: number[];
}

/** Loose layers beside groups are cut further when there are so many in a row. */
const MANY_LOOSE = 8;

/**
 * Boxes for the model's own groups, one inside the other. The members are brought into an order in which each group is
 * one stretch; where that cannot be, since a group is left and entered again, it is several boxes.
 */
export function groupsOf(wiring: Wiring, members: Members, inside: Inside, depth = 0): readonly Item[] {
  if (!members.some((place) => wiring.layers[place]!.group.length > depth)) return inside(members);
  const items: Item[] = [];
  let loose: number[] = [];
  const endLoose = () => {
    if (loose.length >= MANY_LOOSE) items.push(...inside(loose));
    else items.push(...loose.map((place) => wiring.layers[place]!.id));
    loose = [];
  };
  const times = new Map<string, number>();
  for (const { key, members: own } of runs(orderUnits(wiring, members, depth))) {
    if (key === undefined) {
      loose.push(...own);
      continue;
    }
    endLoose();
    const path = wiring.layers[own[0]!]!.group.slice(0, depth + 1).join('/');
    const time = (times.get(path) ?? 0) + 1;
    times.set(path, time);
    items.push(
      box({
        id: `box:group:${path}${time > 1 ? `#${time}` : ''}`,
        role: 'group',
        title: key,
        items: withoutLoneBox(groupsOf(wiring, own, inside, depth + 1)),
      }),
    );
  }
  endLoose();
  return items;
}

/** Neighbouring units of one group as one. */
function runs(units: readonly Unit[]): readonly Unit[] {
  const joined: Unit[] = [];
  for (const { key, members } of units) {
    const last = joined.at(-1);
    if (last && last.key === key) last.members.push(...members);
    else joined.push({ key, members: [...members] });
  }
  return joined;
}

/** Units so that each comes after those it reads. Groups that read each other are taken apart first. */
function orderUnits(wiring: Wiring, members: Members, depth: number): readonly Unit[] {
  const keyOf = (place: number) => wiring.layers[place]!.group[depth];
  const apart = new Set<string>();
  for (let pass = 0; ; pass++) {
    const units: Unit[] = [];
    const unitOf = new Map<number, number>();
    const byKey = new Map<string, number>();
    for (const place of members) {
      const key = keyOf(place);
      const known = key === undefined || apart.has(key) || pass >= PASSES ? undefined : byKey.get(key);
      if (known === undefined) {
        if (key !== undefined) byKey.set(key, units.length);
        unitOf.set(place, units.length);
        units.push({ key, members: [place] });
      } else {
        unitOf.set(place, known);
        units[known]!.members.push(place);
      }
    }
    const { order, cyclic } = orderedUnits(wiring, units, unitOf);
    const tangled = cyclic.flatMap((unit) => {
      const { key, members: own } = units[unit]!;
      return key !== undefined && own.length > 1 ? [key] : [];
    });
    if (tangled.length === 0) return order.map((unit) => units[unit]!);
    for (const key of tangled) apart.add(key);
  }
}

function orderedUnits(wiring: Wiring, units: readonly Unit[], unitOf: ReadonlyMap<number, number>) {
  const reads = units.map(({ members }, unit) => {
    const read = new Set<number>();
    for (const place of members) {
      for (const input of wiring.inputs[place]!) {
        const from = unitOf.get(input);
        if (from !== undefined && from !== unit) read.add(from);
      }
    }
    return [...read];
  });
  const order: number[] = [];
  const cyclic: number[] = [];
  const state = new Uint8Array(units.length);
  const next = new Uint32Array(units.length);
  for (let root = 0; root < units.length; root++) {
    if (state[root]) continue;
    const stack = [root];
    state[root] = 1;
    for (let unit = stack.at(-1); unit !== undefined; unit = stack.at(-1)) {
      const input = reads[unit]![next[unit]!++];
      if (input === undefined) {
        state[unit] = 2;
        order.push(stack.pop()!);
      } else if (state[input] === 0) {
        state[input] = 1;
        stack.push(input);
      } else if (state[input] === 1 && cyclic.length === 0) {
        // One circle a pass is enough: what is taken apart is no longer on one.
        cyclic.push(...stack.slice(stack.indexOf(input)));
      }
    }
  }
  return { order, cyclic };
}
