import { isOperation } from './operations';
import { isJsonRecord, type JsonRecord } from './json';

/** Operations that take a number as they take a tensor; others have it in their configuration. */
const OF_TENSORS: ReadonlySet<unknown> = new Set([
  'Equal',
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'NotEqual',
  'Where',
]);

/** Operations whose second argument says places. */
const OF_PLACES: ReadonlySet<unknown> = new Set(['Take', 'GetItem']);

/** Operations that do not align their tensors at the last axis, number by number. */
const UNALIGNED: ReadonlySet<unknown> = new Set(['Concatenate', 'Einsum', 'Matmul', 'Stack']);

/**
 * The layers of a model, those before an operation that hold the arrays it is called with: `x + np.ones(4)`. Keras 3 writes
 * these down in the call, a layer graph has them as layers.
 */
export function hoistConstants(layers: readonly unknown[]): readonly unknown[] {
  const names = new Set(layers.flatMap((layer) => (isJsonRecord(layer) ? [layer.name] : [])));
  return layers.flatMap((layer) => {
    if (!isJsonRecord(layer) || !isOperation(layer) || !Array.isArray(layer.inbound_nodes)) return [layer];
    const made: JsonRecord[] = [];
    const isTensors = OF_TENSORS.has(layer.class_name);
    const hoist = (value: unknown, rank: number): unknown => {
      const array =
        arrayOf(value) ??
        (isTensors && typeof value === 'number' ? { shape: [], numbers: [value] } : undefined);
      if (!array) return value;
      let name = `${String(layer.name)}_numbers`;
      for (let count = 1; names.has(name); count++) name = `${String(layer.name)}_numbers_${count}`;
      names.add(name);
      const shape = [...new Array<number>(Math.max(0, rank - array.shape.length)).fill(1), ...array.shape];
      const config = { name, shape, value: array.numbers };
      made.push({ class_name: 'Constant', name, config, inbound_nodes: [[]] });
      return {
        class_name: '__keras_tensor__',
        config: { shape, dtype: 'float32', keras_history: [name, 0, 0] },
      };
    };
    const nodes = (layer.inbound_nodes as unknown[]).map((node) => {
      if (!isJsonRecord(node) || !Array.isArray(node.args) || OF_PLACES.has(layer.class_name)) return node;
      const args: readonly unknown[] = node.args;
      const rank = UNALIGNED.has(layer.class_name) ? 0 : Math.max(0, ...args.flat().map(rankOf));
      const hoisted = args.map((value) =>
        Array.isArray(value) && value.some(isTensor)
          ? value.map((one) => hoist(one, rank))
          : hoist(value, rank),
      );
      return { ...node, args: hoisted };
    });
    return made.length === 0 ? [layer] : [...made, { ...layer, inbound_nodes: nodes }];
  });
}

const isTensor = (value: unknown): value is JsonRecord =>
  isJsonRecord(value) && value.class_name === '__keras_tensor__';

function rankOf(value: unknown): number {
  if (!isTensor(value) || !isJsonRecord(value.config)) return 0;
  return Array.isArray(value.config.shape) ? value.config.shape.length : 0;
}

/** An array of NumPy: its sizes, and its numbers in a row. */
function arrayOf(
  value: unknown,
): { readonly shape: readonly number[]; readonly numbers: readonly number[] } | undefined {
  if (!isJsonRecord(value) || value.class_name !== '__numpy__' || !isJsonRecord(value.config))
    return undefined;
  let cells: readonly unknown[] = [value.config.value];
  const shape: number[] = [];
  while (cells.length > 0 && cells.every((cell) => Array.isArray(cell))) {
    const size = cells[0]!.length;
    if (cells.some((cell) => cell.length !== size)) return undefined;
    shape.push(size);
    cells = cells.flat();
  }
  const numbers = cells.filter((cell) => typeof cell === 'number');
  return numbers.length === cells.length ? { shape, numbers } : undefined;
}
