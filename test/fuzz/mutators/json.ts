import type { Random } from '../../../src/data/random';
import { below, chance, pick } from '../draw';
import { LARGEST_FILE, type Mutator } from './mutator';

/** Stands for lists in lists, of which no program could make so many from a value. */
const DEEP = 'lists in lists';

/** JSON with values, keys and subtrees put where no program would write them. */
export const mutateJson: Mutator = (bytes, random) => {
  let damaged: string;
  try {
    damaged = JSON.stringify(damage(JSON.parse(Buffer.from(bytes).toString()), random));
  } catch {
    // No JSON, or too deep from an earlier round.
    return undefined;
  }
  const text = damaged.replace(`"${DEEP}"`, () => {
    const depth = pick(random, [100, 5_000, 100_000]);
    return `${'['.repeat(depth)}${']'.repeat(depth)}`;
  });
  return Buffer.from(text.length > LARGEST_FILE ? '{}' : text);
};

/** A copy of a value of JSON with one to three of its parts changed. */
export function damage(root: unknown, random: Random): unknown {
  const holder: Container = [structuredClone(root)];
  const count = 1 + below(random, 3);
  for (let index = 0; index < count; index++) {
    const slots = slotsIn(holder);
    if (slots.length === 0) break;
    const slot = pick(random, slots);
    pick(random, WAYS)(slot, slots, random);
  }
  return holder[0] ?? null;
}

type Container = unknown[] | Record<string, unknown>;

/** A place that holds a value. */
interface Slot {
  readonly container: Container;
  readonly key: string | number;
}

type Way = (slot: Slot, slots: readonly Slot[], random: Random) => void;

/** More are not gathered: where damage goes stays as likely for the first of them. */
const MOST_SLOTS = 20_000;

function slotsIn(holder: Container): readonly Slot[] {
  const slots: Slot[] = [];
  const waiting: Container[] = [holder];
  for (let container = waiting.pop(); container && slots.length < MOST_SLOTS; container = waiting.pop()) {
    for (const key of Array.isArray(container) ? container.keys() : Object.keys(container)) {
      const value = valueAt({ container, key });
      slots.push({ container, key });
      if (isContainer(value)) waiting.push(value);
    }
  }
  return slots;
}

const NUMBERS = [
  ...[0, 1, -1, 2, 3, 0.5, -0.5, 17, 255, 256, 1000, 65_536, 1e6, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 53, 1e21],
  ...[1e308, -1e308, 5e-324],
];

const TEXTS = [
  ...['', ' ', 'a', '0', '-1', 'null', 'true', '../../../etc/passwd', '/etc/passwd', 'C:\\x', '..', '.', '~'],
  ...['https://example.com/x', 'file:///etc/passwd', '\0', 'a\0b', 'line\nbreak', '\u001b[31mred', '\ufffd'],
  ...[
    '\ud800',
    '\u202eturned',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'layers.0',
    '<b>x</b>',
  ],
  ...[
    DEEP,
    DEEP,
    'float32',
    'int32',
    'string',
    'F32',
    'I64',
    'BOOL',
    'Dense',
    'Conv2D',
    'Functional',
    'InputLayer',
    'LSTM',
  ],
  ...['Lambda', 'TFOpLambda', 'TimeDistributed', 'Bidirectional', 'relu', 'channels_first', 'x'.repeat(5000)],
];

const setValue: Way = (slot, _slots, random) => put(slot, oddValue(random));

/** Of the same type as what was there, where a schema would let it pass. */
const setAlike: Way = (slot, _slots, random) => {
  const before = valueAt(slot);
  if (typeof before === 'number') {
    put(
      slot,
      chance(random, 0.5) ? pick(random, NUMBERS) : before + pick(random, [-2, -1, 1, 2, before, 0.5]),
    );
  } else if (typeof before === 'string') put(slot, alterText(before, random));
  else if (typeof before === 'boolean') put(slot, !before);
  else if (Array.isArray(before)) alterList(before, random);
  else put(slot, oddValue(random));
};

const remove: Way = ({ container, key }) => {
  if (Array.isArray(container)) {
    if (typeof key === 'number') container.splice(key, 1);
  } else Reflect.deleteProperty(container, key);
};

const takeAnother: Way = (slot, slots, random) => put(slot, structuredClone(valueAt(pick(random, slots))));

/** A value under another key, or under one more. */
const rename: Way = (slot, slots, random) => {
  const { container } = slot;
  if (Array.isArray(container)) return;
  const keys = slots.flatMap(({ key }) => (typeof key === 'string' ? [key] : []));
  const key = chance(random, 0.5) ? pick(random, [...keys, 'x']) : pick(random, TEXTS);
  const value = valueAt(slot);
  if (chance(random, 0.5)) Reflect.deleteProperty(container, slot.key);
  put({ container, key }, value);
};

const wrap: Way = (slot, _slots, random) => {
  const depth = pick(random, [1, 1, 1, 2, 70, 200]);
  let value = valueAt(slot);
  for (let level = 0; level < depth; level++) value = chance(random, 0.5) ? [value] : { a: value };
  put(slot, value);
};

const repeat: Way = (slot, _slots, random) => {
  const { container, key } = slot;
  if (!Array.isArray(container) || typeof key !== 'number') return setAlike(slot, [], random);
  const value = valueAt(slot);
  const most = isContainer(value) ? 300 : 20_000;
  const copies = pick(random, [1, 1, 1, 2, 10, most]);
  container.splice(key, 0, ...Array.from({ length: copies }, () => structuredClone(value)));
};

const swap: Way = (slot, slots, random) => {
  const other = pick(random, slots);
  const [mine, theirs] = [structuredClone(valueAt(slot)), structuredClone(valueAt(other))];
  put(other, mine);
  put(slot, theirs);
};

const WAYS: readonly Way[] = [
  ...[setAlike, setAlike, setAlike, setAlike, setValue, setValue],
  ...[remove, takeAnother, rename, wrap, repeat, swap],
];

function oddValue(random: Random): unknown {
  const choice = random();
  if (choice < 0.35) return pick(random, NUMBERS);
  if (choice < 0.7) return pick(random, TEXTS);
  const rest: readonly unknown[] = [null, true, false, [], {}, [[]], [null], [-1], [1, 2, 3], { a: 1 }];
  return structuredClone(pick(random, rest));
}

function alterText(text: string, random: Random): string {
  const at = below(random, text.length + 1);
  return pick(random, [
    text.slice(0, at),
    text + text,
    text.slice(0, at) + pick(random, TEXTS) + text.slice(at),
    text.toUpperCase(),
    text.replace(/\d+/, (number) => String(Number(number) + 1)),
    text.replace('/', '/../'),
    pick(random, TEXTS),
  ]);
}

function alterList(list: unknown[], random: Random): void {
  const choice = below(random, 4);
  if (choice === 0) list.length = 0;
  else if (choice === 1) list.reverse();
  else if (choice === 2) list.push(...structuredClone(list.slice(0, 1000)));
  else list.push(oddValue(random));
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function valueAt({ container, key }: Slot): unknown {
  return Object.getOwnPropertyDescriptor(container, key)?.value;
}

/** Also under names that objects have by themselves: `__proto__`. */
function put({ container, key }: Slot, value: unknown): void {
  Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
}
