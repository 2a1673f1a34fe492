import { t } from '../../../l10n/translate';
import { MAX_LONG_BYTES } from '../bounds';
import { decodeText } from './cursor';
import { unexpected, type Machine } from './machine';
import { PickleError } from './pickleError';
import { PickleTuple, type PickleValue } from './values';

type Opcode = (machine: Machine) => void;

/** The end of a pickle. */
export const STOP = 0x2e;

/** Every protocol up to the newest, 5; what newer ones add is not known to any PyTorch. */
const NEWEST_PROTOCOL = 5;

const bytes = (m: Machine, length: number): void => m.pushText(m.cursor.take(length).slice());
const text = (m: Machine, length: number): void => m.pushText(m.cursor.text(length));

/**
 * What each opcode does, by its character as in Python's pickletools. Opcodes that call or build go through the
 * machine's `meaning`, which makes values and runs nothing.
 */
const BY_CHARACTER: Readonly<Record<string, Opcode>> = {
  // Numbers and the like.
  N: (m) => m.push(null),
  '\x88': (m) => m.push(true),
  '\x89': (m) => m.push(false),
  I: (m) => m.push(readInt(m.cursor.line())),
  J: (m) => m.push(m.cursor.int32()),
  K: (m) => m.push(m.cursor.uint8()),
  M: (m) => m.push(m.cursor.uint16()),
  L: (m) => pushWhole(m, parseWhole(m.cursor.line().replace(/L$/, ''))),
  '\x8a': (m) => pushWhole(m, readWhole(m, m.cursor.uint8())),
  '\x8b': (m) => pushWhole(m, readWhole(m, m.cursor.int32())),
  F: (m) => m.push(readFloat(m.cursor.line())),
  G: (m) => m.push(m.cursor.bigEndianFloat64()),

  // Text and bytes. Python 2's strings were bytes; PyTorch's hold ASCII, and other people's nobody needs.
  S: (m) => m.pushText(m.cursor.line().replace(/^(['"])(.*)\1$/s, '$2')),
  T: (m) => pushOldString(m, m.cursor.uint32()),
  U: (m) => pushOldString(m, m.cursor.uint8()),
  V: (m) => m.pushText(m.cursor.line()),
  X: (m) => text(m, m.cursor.uint32()),
  '\x8c': (m) => text(m, m.cursor.uint8()),
  '\x8d': (m) => text(m, m.cursor.length64()),
  B: (m) => bytes(m, m.cursor.uint32()),
  C: (m) => bytes(m, m.cursor.uint8()),
  '\x8e': (m) => bytes(m, m.cursor.length64()),
  '\x96': (m) => bytes(m, m.cursor.length64()),

  // Containers.
  '(': (m) => m.mark(),
  ')': (m) => m.pushNew(new PickleTuple([])),
  t: (m) => m.pushNew(new PickleTuple(m.popToMark())),
  '\x85': (m) => m.pushNew(new PickleTuple(m.popSeveral(1))),
  '\x86': (m) => m.pushNew(new PickleTuple(m.popSeveral(2))),
  '\x87': (m) => m.pushNew(new PickleTuple(m.popSeveral(3))),
  ']': (m) => m.newList([]),
  l: (m) => m.newList(m.popToMark()),
  a: (m) => m.append([m.pop()]),
  e: (m) => m.append(m.popToMark()),
  '}': (m) => m.newDict([]),
  d: (m) => m.newDict(m.popToMark()),
  s: (m) => m.setItems(m.popSeveral(2)),
  u: (m) => m.setItems(m.popToMark()),
  '\x8f': (m) => m.newList([]),
  '\x90': (m) => m.append(m.popToMark()),
  '\x91': (m) => m.newList(m.popToMark()),

  // The stack and the memo.
  '0': (m) => m.discard(),
  '1': (m) => void m.popToMark(),
  '2': (m) => m.push(m.top()),
  g: (m) => m.recall(readIndex(m.cursor.line())),
  h: (m) => m.recall(m.cursor.uint8()),
  j: (m) => m.recall(m.cursor.uint32()),
  p: (m) => m.remember(readIndex(m.cursor.line())),
  q: (m) => m.remember(m.cursor.uint8()),
  r: (m) => m.remember(m.cursor.uint32()),
  '\x94': (m) => m.rememberNext(),

  // Names, calls and objects.
  c: (m) => m.pushName(m.cursor.line(), m.cursor.line()),
  '\x93': (m) => {
    const [module, name] = m.popSeveral(2);
    m.pushName(asText(module!), asText(name!));
  },
  R: (m) => {
    const args = m.popTuple();
    m.pushNew(m.meaning.call(m.pop(), args));
  },
  '\x81': (m) => {
    const args = m.popTuple();
    m.pushNew(m.meaning.call(m.pop(), args));
  },
  '\x92': (m) => {
    // No class known here takes named arguments.
    m.pop();
    const args = m.popTuple();
    m.pushNew(m.meaning.call(m.pop(), args));
  },
  i: (m) => {
    const args = m.popToMark();
    m.pushName(m.cursor.line(), m.cursor.line());
    m.pushNew(m.meaning.call(m.pop(), args));
  },
  o: (m) => {
    const [callee, ...args] = m.popToMark();
    if (callee === undefined) throw new PickleError('PICKLE_INVALID', t('nothing'), t('a class'));
    m.pushNew(m.meaning.call(callee, args));
  },
  b: (m) => {
    const state = m.pop();
    m.meaning.build(m.top(), state);
  },
  P: (m) => m.pushNew(m.meaning.persistent(m.cursor.line())),
  Q: (m) => m.pushNew(m.meaning.persistent(m.pop())),

  // What the pickle says about itself.
  '\x80': (m) => {
    const protocol = m.cursor.uint8();
    if (protocol <= NEWEST_PROTOCOL) return;
    throw new PickleError(
      'PICKLE_INVALID',
      t('pickle protocol {0}', protocol),
      t('at most {0}', NEWEST_PROTOCOL),
    );
  },
  // The length of what follows, for readers that read ahead.
  '\x95': (m) => void m.cursor.length64(),
  '\x98': () => undefined,
  '\x82': refuseRegistry,
  '\x83': refuseRegistry,
  '\x84': refuseRegistry,
  '\x97': () => {
    throw new PickleError('PICKLE_INVALID', t('a buffer kept outside the file'), t('all of it in the file'));
  },
};

export const OPCODES: readonly (Opcode | undefined)[] = Array.from(
  { length: 256 },
  (_, code) => BY_CHARACTER[String.fromCharCode(code)],
);

function refuseRegistry(): void {
  throw new PickleError(
    'PICKLE_INVALID',
    t("a class by its number in a program's own registry"),
    t('its name'),
  );
}

function pushWhole(m: Machine, value: bigint): void {
  if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) m.push(Number(value));
  else m.pushText(value);
}

/** Two's complement, the lowest byte first. */
function readWhole(m: Machine, length: number): bigint {
  if (length < 0 || length > MAX_LONG_BYTES) {
    throw new PickleError(
      'PICKLE_LIMIT',
      t('a whole number of {0} bytes', length),
      t('at most {0}', MAX_LONG_BYTES),
    );
  }
  const bytes = m.cursor.take(length);
  if (length > 0 && length <= 6) return BigInt(Buffer.from(bytes).readIntLE(0, length));
  const digits = Buffer.from(bytes).reverse().toString('hex');
  return length === 0 ? 0n : BigInt.asIntN(8 * length, BigInt(`0x${digits}`));
}

function parseWhole(digits: string): bigint {
  if (/^[+-]?\d+$/.test(digits)) return BigInt(digits);
  throw new PickleError('PICKLE_INVALID', JSON.stringify(digits.slice(0, 40)), t('a whole number'));
}

/** `01` and `00` are Python 2's True and False. */
function readInt(line: string): PickleValue {
  if (line === '01') return true;
  if (line === '00') return false;
  const value = Number(parseWhole(line));
  if (Number.isSafeInteger(value)) return value;
  throw new PickleError('PICKLE_INVALID', line.slice(0, 40), t('a number of at most 53 bits'));
}

function readIndex(line: string): number {
  const value = Number(parseWhole(line));
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new PickleError('PICKLE_INVALID', line.slice(0, 40), t('a place in the memo'));
}

function readFloat(line: string): number {
  const value = /^[+-]?inf$/i.test(line) ? Infinity * (line.startsWith('-') ? -1 : 1) : Number(line);
  if (/\d|inf|nan/i.test(line) && (!Number.isNaN(value) || /nan/i.test(line))) return value;
  throw new PickleError('PICKLE_INVALID', JSON.stringify(line.slice(0, 40)), t('a number'));
}

function pushOldString(m: Machine, length: number): void {
  const raw = m.cursor.take(length);
  m.pushText(raw.every((byte) => byte < 0x80) ? decodeText(raw) : raw.slice());
}

function asText(value: PickleValue): string {
  if (typeof value === 'string') return value;
  throw unexpected(value, t('a name'));
}
