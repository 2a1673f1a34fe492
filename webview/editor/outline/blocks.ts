import type { LayerView } from '../../../src/protocol/editor';
import { box, layersIn, withoutLoneBox } from './box';
import { commonBeginning, partOf } from './names';
import type { Box, Item } from './outline';
import { findRepeats } from './repeats';
import { segmentsOf } from './segments';
import type { Members, Wiring } from './wiring';
import { t } from '../../../src/l10n/translate';

/** A layer, or a block of layers, before repeats are looked for. */
interface Unit {
  readonly item: Item;
  readonly members: Members;
}

/** Names nest no deeper than this. */
const MOST_LEVELS = 4;
/** A block of more layers than this is cut into blocks itself. */
const LARGE = 16;
/** A repeated pattern of up to so many layers holds them side by side; a longer one keeps its blocks. */
const PLAIN = 24;
/** Single layers that follow each other are worth a box from so many on, patterns of several from two. */
const LEAST_SINGLES = 4;

/** What closes a block when it comes right behind it. */
const TRAILING = new Set(['activation', 'normalization', 'regularization']);

/**
 * Blocks of a stretch of layers: those that names tell of, else the segments between tensors that every path goes
 * through; neighbours of equal structure are put into one box with a count.
 *
 * @param members in topological order
 * @param level how many parts of the names are known to be shared by all
 */
export function blocksOf(wiring: Wiring, members: Members, level = 0): readonly Item[] {
  const parts = partsOf(wiring, members, level);
  if (parts.length === 1 && parts[0]?.part !== undefined && level < MOST_LEVELS) {
    return blocksOf(wiring, members, level + 1);
  }
  const units = parts.flatMap(({ part, members: own }): readonly Unit[] => {
    if (part === undefined) return unitsBySegments(wiring, own, level);
    const large = own.length > LARGE && level < MOST_LEVELS;
    const items = large ? withoutLoneBox(blocksOf(wiring, own, level + 1)) : idsOf(wiring, own);
    return [{ item: blockBox(wiring, own, level, items, part), members: own }];
  });
  return joinRepeats(wiring, units, level);
}

/** Neighbours that belong to one part by their names; a part of one layer is none. */
function partsOf(wiring: Wiring, members: Members, level: number) {
  const runs: { part: string | undefined; members: number[] }[] = [];
  for (const place of members) {
    const part = partOf(wiring.layers[place]!.name, level);
    const last = runs.at(-1);
    if (last && last.part === part) last.members.push(place);
    else runs.push({ part, members: [place] });
  }
  const parts: typeof runs = [];
  for (const run of runs) {
    const part = run.members.length > 1 ? run.part : undefined;
    const last = parts.at(-1);
    if (last && part === undefined && last.part === undefined) last.members.push(...run.members);
    else parts.push({ part, members: run.members });
  }
  return parts;
}

function unitsBySegments(wiring: Wiring, members: Members, level: number): readonly Unit[] {
  const units: Unit[] = [];
  let open: number[] | undefined;
  const end = () => {
    if (open) units.push({ item: blockBox(wiring, open, level, idsOf(wiring, open)), members: open });
    open = undefined;
  };
  for (const segment of segmentsOf(wiring, members)) {
    const [place] = segment;
    const layer = wiring.layers[place!]!;
    if (segment.length > 1) {
      end();
      open = [...segment];
    } else if (open && TRAILING.has(layer.family)) {
      open.push(place!);
    } else {
      end();
      units.push({ item: layer.id, members: segment });
    }
  }
  end();
  return units;
}

function blockBox(
  wiring: Wiring,
  members: Members,
  level: number,
  items: readonly Item[],
  part?: string,
): Box {
  const layers = members.map((place) => wiring.layers[place]!);
  return box({
    id: `box:block${level}:${layers[0]!.id}`,
    role: 'block',
    title: part ?? titleOf(wiring, members),
    items,
  });
}

/** The layer in which the block's branches meet; else what its names share; else its kinds. */
function titleOf(wiring: Wiring, members: Members): string {
  const layers = members.map((place) => wiring.layers[place]!);
  const merge = members.findLast((place) => wiring.inputs[place]!.length > 1);
  if (merge !== undefined) return wiring.layers[merge]!.name;
  const shared = commonBeginning(layers.map(({ name }) => name));
  if (shared !== '') return shared;
  const kinds = [...new Set(layers.map(({ kind }) => kind))];
  return kinds.slice(0, 3).join(', ') + (kinds.length > 3 ? '…' : '');
}

function joinRepeats(wiring: Wiring, units: readonly Unit[], level: number): readonly Item[] {
  const numbers = new Map<string, number>();
  const signatures = units.map((unit) => {
    const text = signatureOf(wiring, unit.members);
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  });
  return findRepeats(signatures).flatMap(({ start, length, times }): readonly Item[] => {
    const all = units.slice(start, start + length * times);
    const areSingles = length === 1 && all[0]!.members.length === 1;
    if (times === 1 || (areSingles && times < LEAST_SINGLES)) return all.map(({ item }) => item);
    const blocks = Array.from({ length: times }, (_, time): Item => {
      const own = all.slice(time * length, (time + 1) * length);
      const members = own.flatMap((unit) => unit.members);
      if (length === 1) return own[0]!.item;
      const items = members.length > PLAIN ? own.map(({ item }) => item) : idsOf(wiring, members);
      return blockBox(wiring, members, level + MOST_LEVELS + 1, items);
    });
    return [repeatBox(wiring, blocks, level, times)];
  });
}

function repeatBox(wiring: Wiring, blocks: readonly Item[], level: number, times: number): Box {
  const [first, last] = [blocks[0]!, blocks.at(-1)!];
  const each = layersIn([first]).length;
  const [from, to] = [titleOfItem(wiring, first), titleOfItem(wiring, last)];
  return box({
    id: `box:repeat${level}:${layersIn([first])[0]!}`,
    role: 'repeat',
    title: from === to ? from : rangeOf(from, to),
    note: each > 1 ? t('{0} layers each', each) : '',
    count: times,
    items: blocks,
  });
}

/** `conv3_block2–4` where only the numbers at the end differ. */
function rangeOf(from: string, to: string): string {
  const [first, last] = [from, to].map((title) => /^(.*?)(\d+)$/.exec(title));
  return first && last && first[1] === last[1] ? `${from}–${last[2]}` : `${from} … ${to}`;
}

function titleOfItem({ layers }: Wiring, item: Item): string {
  return typeof item === 'string' ? (layers.find(({ id }) => id === item)?.name ?? '') : item.title;
}

/** Equal for stretches of the same kinds, shapes and wiring, whatever their names. */
function signatureOf(wiring: Wiring, members: Members): string {
  const at = new Map<number, number>();
  members.forEach((place, index) => at.set(place, index));
  let signature = '';
  for (const place of members) {
    signature += `${layerSignature(wiring.layers[place]!)}<`;
    for (const input of wiring.inputs[place]!) signature += `${at.get(input) ?? 'x'},`;
    signature += ';';
  }
  return signature;
}

function layerSignature({ kind, outputShape, config }: LayerView): string {
  const shape = outputShape === null ? '?' : lengthsOf(outputShape, 1);
  const kernel = config['kernel_size'];
  return `${kind} ${shape} ${Array.isArray(kernel) ? lengthsOf(kernel, 0) : ''}`;
}

/** Layers that say the same have the same lists: their words are put together once. */
const lengths = new WeakMap<readonly unknown[], string>();

function lengthsOf(list: readonly unknown[], from: number): string {
  const known = lengths.get(list);
  if (known !== undefined) return known;
  const text = list.slice(from).join('x');
  lengths.set(list, text);
  return text;
}

function idsOf(wiring: Wiring, members: Members): readonly string[] {
  return members.map((place) => wiring.layers[place]!.id);
}
