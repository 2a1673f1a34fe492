import type { Random } from '../../../src/data/random';
import { below, chance, pick } from '../draw';
import { mutateBytes } from './bytes';
import { LARGEST_FILE, type Mutator } from './mutator';
import { oddNumber, writeNumber } from './numbers';

/** One opcode and all that belongs to it. */
interface Operation {
  code: number;
  argument: Uint8Array;
}

/** How an opcode's argument ends: a fixed size, a line or two, or a length of so many bytes and as many after it. */
type Shape = { readonly size: number } | { readonly lines: number } | { readonly lengthBytes: 1 | 4 | 8 };

/** Of opcodes that have an argument (Python's pickletools). */
const SHAPES: Readonly<Record<string, Shape>> = {
  ...{ I: { lines: 1 }, L: { lines: 1 }, F: { lines: 1 }, S: { lines: 1 }, V: { lines: 1 }, P: { lines: 1 } },
  ...{ g: { lines: 1 }, p: { lines: 1 }, c: { lines: 2 }, i: { lines: 2 } },
  ...{ J: { size: 4 }, K: { size: 1 }, M: { size: 2 }, G: { size: 8 }, h: { size: 1 }, j: { size: 4 } },
  ...{ q: { size: 1 }, r: { size: 4 }, '\x80': { size: 1 }, '\x95': { size: 8 } },
  ...{ '\x82': { size: 1 }, '\x83': { size: 2 }, '\x84': { size: 4 } },
  ...{ T: { lengthBytes: 4 }, U: { lengthBytes: 1 }, X: { lengthBytes: 4 }, '\x8c': { lengthBytes: 1 } },
  ...{ '\x8d': { lengthBytes: 8 }, B: { lengthBytes: 4 }, C: { lengthBytes: 1 }, '\x8e': { lengthBytes: 8 } },
  ...{ '\x96': { lengthBytes: 8 }, '\x8a': { lengthBytes: 1 }, '\x8b': { lengthBytes: 4 } },
};

const STOP = 0x2e;
const LINE_END = 0x0a;

/** All opcodes that Python knows. */
const OPCODES = Buffer.from(
  '()}].0123?abcdeghijlmopqrstuBCFGIJKLMNPQRSTUVX' +
    '\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98',
  'latin1',
);

const NAMES = [
  ...[
    'os\nsystem',
    'builtins\neval',
    '__builtin__\nexec',
    'posix\nsystem',
    'subprocess\nPopen',
    'runpy\n_run',
  ],
  ...['torch._utils\n_rebuild_tensor_v2', 'torch._utils\n_rebuild_parameter', 'torch\nFloatStorage'],
  ...[
    'torch\nHalfStorage',
    'torch\nBFloat16Storage',
    'torch\nSize',
    'collections\nOrderedDict',
    'copyreg\n_rec',
  ],
  ...['torch.nn.modules.container\nSequential', 'torch.nn.modules.conv\nConv2d', 'torch._tensor\n_rebuild'],
  ...[
    'torch._utils\n_rebuild_sparse_tensor',
    'torch._utils\n_rebuild_qtensor',
    '__main__\nModel',
    '\n',
    '.\n..',
  ],
];

/** The pickles that a file begins with, their opcodes changed; what follows them stays. */
export const mutatePickle: Mutator = (bytes, random) => {
  const pickles = disassemble(bytes);
  if (!pickles) return undefined;
  const { operations, end } = pickles;
  const count = 1 + below(random, 3);
  for (let index = 0; index < count && operations.length > 0; index++) pick(random, WAYS)(operations, random);
  const parts = operations.flatMap(({ code, argument }) => [Uint8Array.of(code), argument]);
  const damaged = Buffer.concat([...parts, bytes.subarray(end)]);
  return damaged.subarray(0, LARGEST_FILE);
};

type Way = (operations: Operation[], random: Random) => void;

const alter: Way = (operations, random) => {
  const withArgument = operations.filter(({ argument }) => argument.length > 0);
  if (withArgument.length === 0) return;
  const operation = pick(random, withArgument);
  const shape = shapeOf(operation.code);
  if (shape && 'size' in shape) {
    const odd = oddNumber(random, BigInt(operation.argument[0]!), 1000);
    operation.argument = operation.argument.slice();
    writeNumber(operation.argument, 0, shape.size, odd);
  } else if (shape && 'lengthBytes' in shape) {
    const { lengthBytes } = shape;
    const content = mutateBytes(operation.argument.subarray(lengthBytes), random) ?? new Uint8Array(0);
    const length = new Uint8Array(lengthBytes);
    const said = chance(random, 0.8)
      ? BigInt(content.length)
      : oddNumber(random, BigInt(content.length), 1000);
    writeNumber(length, 0, lengthBytes, said);
    operation.argument = Buffer.concat([length, content]);
  } else if (operation.code === 0x63) {
    operation.argument = Buffer.from(`${pick(random, NAMES)}\n`);
  } else operation.argument = mutateBytes(operation.argument, random) ?? operation.argument;
};

const remove: Way = (operations, random) => {
  operations.splice(below(random, operations.length), 1 + below(random, 3));
};

const insert: Way = (operations, random) => {
  const code = pick(random, [...OPCODES]);
  operations.splice(below(random, operations.length), 0, { code, argument: argumentFor(code, random) });
};

const replace: Way = (operations, random) => {
  const code = pick(random, [...OPCODES]);
  operations[below(random, operations.length)] = { code, argument: argumentFor(code, random) };
};

/** Also deep nesting (many marks or lists) and doubling (an opcode that copies what is on the stack). */
const repeat: Way = (operations, random) => {
  const at = below(random, operations.length);
  const length = 1 + below(random, 6);
  const part = operations.slice(at, at + length);
  const copies = pick(random, [1, 1, 2, 10, 1000, 10_000]);
  operations.splice(at, 0, ...Array.from({ length: copies }, () => part).flat());
};

const swap: Way = (operations, random) => {
  const [a, b] = [below(random, operations.length), below(random, operations.length)];
  [operations[a], operations[b]] = [operations[b]!, operations[a]!];
};

const move: Way = (operations, random) => {
  const part = operations.splice(below(random, operations.length), 1 + below(random, 8));
  operations.splice(below(random, operations.length + 1), 0, ...part);
};

const WAYS: readonly Way[] = [alter, alter, alter, alter, remove, insert, replace, repeat, swap, move];

function argumentFor(code: number, random: Random): Uint8Array {
  const shape = shapeOf(code);
  if (!shape) return new Uint8Array(0);
  if ('lines' in shape) {
    if (shape.lines === 2) return Buffer.from(`${pick(random, NAMES)}\n`);
    return Buffer.from(`${oddNumber(random, 0n, 100)}\n`);
  }
  const size = 'size' in shape ? shape.size : shape.lengthBytes;
  const argument = new Uint8Array(size);
  writeNumber(argument, 0, size, oddNumber(random, 0n, 100));
  return argument;
}

function shapeOf(code: number): Shape | undefined {
  return SHAPES[String.fromCharCode(code)];
}

/** Every pickle from the start, as one list; nothing where there is not a whole one. */
function disassemble(bytes: Uint8Array): { operations: Operation[]; end: number } | undefined {
  const operations: Operation[] = [];
  let whole = 0;
  let end = 0;
  for (let at = 0; at < bytes.length;) {
    const code = bytes[at]!;
    if (!OPCODES.includes(code)) break;
    const length = argumentLength(bytes, at + 1, shapeOf(code));
    if (length === undefined) break;
    operations.push({ code, argument: bytes.slice(at + 1, at + 1 + length) });
    at += 1 + length;
    if (code !== STOP) continue;
    whole = operations.length;
    end = at;
    if (bytes[at] !== 0x80) break;
  }
  return whole > 2 ? { operations: operations.slice(0, whole), end } : undefined;
}

function argumentLength(bytes: Uint8Array, at: number, shape: Shape | undefined): number | undefined {
  if (!shape) return 0;
  let length = 0;
  if ('size' in shape) length = shape.size;
  else if ('lines' in shape) {
    for (let line = 0; line < shape.lines; line++) {
      const end = bytes.indexOf(LINE_END, at + length);
      if (end < 0) return undefined;
      length = end + 1 - at;
    }
  } else {
    const { lengthBytes } = shape;
    if (at + lengthBytes > bytes.length) return undefined;
    const view = Buffer.from(bytes.buffer, bytes.byteOffset + at);
    length = lengthBytes + view.readUIntLE(0, Math.min(lengthBytes, 4));
  }
  return at + length <= bytes.length ? length : undefined;
}
