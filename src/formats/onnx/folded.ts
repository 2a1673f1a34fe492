import type { Shape } from '../../core/graph/layerGraph';
import { t } from '../../l10n/translate';
import type { GraphBuilder } from './builder';
import { Unsupported } from './unsupported';
import { identityOrder, sameOrder, type Groups, type Value } from './value';

/**
 * Tensors whose axes ONNX has joined or moved in ways that the layer graph, whose batch is its first axis and stays
 * whole, cannot have: attention as PyTorch writes it puts the steps before the batch, and the batch and the heads into
 * one axis. Such a tensor stays in the graph as it was, with `groups` to say what ONNX makes of it, until the axes are
 * apart again.
 */

/** @throws Unsupported behind what is not understood */
export function groupsOf({ groups, order }: Value): Groups {
  if (groups) return groups;
  if (!order) throw new Unsupported(t('the number of axes of its input is not known'));
  return identityOrder(order.length).map((axis) => [order.indexOf(axis)]);
}

/** The axis of the layer graph that one of ONNX's is, where it is one. */
export function axisAlone(value: Value, axis: number): number | undefined {
  const group = groupsOf(value)[axis];
  return group?.length === 1 ? group[0] : undefined;
}

/** The same tensor of the layer graph, with other axes in ONNX. */
export function regrouped({ ref, shape, nonNegative }: Value, groups: Groups): Value {
  const tensor = { ref, ...(shape && { shape }), ...(nonNegative && { nonNegative }) };
  const isPlain = groups.every((axes) => axes.length === 1) && groups[0]?.[0] === 0;
  if (!isPlain) return { ...tensor, groups };
  const order = new Array<number>(groups.length).fill(0);
  groups.forEach(([axis = 0], index) => (order[axis] = index));
  return { ...tensor, order };
}

/**
 * The tensor with its axes in ONNX's order behind the batch, and those joined that ONNX joins, the batch's neighbours in
 * an axis apart.
 */
export function compact(graph: GraphBuilder, value: Value): Value {
  const groups = groupsOf(value);
  const { shape } = value;
  if (!shape) throw new Unsupported(t('the shape of its input is not known'));
  const atoms = groups.flat();
  const moved = [0, ...atoms.filter((axis) => axis !== 0)];
  const permuted = sameOrder(moved, identityOrder(moved.length))
    ? value
    : graph.add({
        kind: 'Permute',
        config: { dims: moved.slice(1) },
        inputs: [{ ref: value.ref, shape }],
        suffix: 'permute',
      });
  const sizes: number[] = [];
  const kept: number[][] = [];
  for (const axes of groups) {
    const made: number[] = [];
    let run: number[] = [];
    const close = () => {
      if (run.length > 0)
        made.push(sizes.push(run.reduce((product, axis) => product * sizeAt(shape, axis), 1)));
      run = [];
    };
    for (const axis of axes) {
      if (axis !== 0) run.push(axis);
      else {
        close();
        made.push(0);
      }
    }
    close();
    kept.push(made);
  }
  const joined =
    sizes.length + 1 === shape.length
      ? permuted
      : graph.add({
          kind: 'Reshape',
          config: { target_shape: sizes },
          inputs: [{ ref: permuted.ref, ...(permuted.shape && { shape: permuted.shape }) }],
          suffix: 'join',
        });
  const { nonNegative } = value;
  return regrouped(
    { ref: joined.ref, ...(joined.shape && { shape: joined.shape }), ...(nonNegative && { nonNegative }) },
    kept,
  );
}

/**
 * The tensor with ONNX's axes one by one.
 * @throws Unsupported where an axis joins the batch with others, or the batch is not the first
 */
export function unfold(graph: GraphBuilder, value: Value): Value {
  if (!value.groups) return value;
  const whole = compact(graph, value);
  if (whole.order) return whole;
  const groups = groupsOf(whole);
  if (groups[0]?.length !== 1 || groups[0][0] !== 0)
    throw new Unsupported(t('the batch is not an axis of its own, the first'));
  const sizes = groups
    .slice(1)
    .map((axes) => axes.reduce((size, axis) => size * sizeAt(whole.shape, axis), 1));
  const made = graph.add({
    kind: 'Reshape',
    config: { target_shape: sizes },
    inputs: [{ ref: whole.ref, ...(whole.shape && { shape: whole.shape }) }],
    suffix: 'apart',
  });
  const { nonNegative } = value;
  return { ...made, order: identityOrder(groups.length), ...(nonNegative && { nonNegative }) };
}

function sizeAt(shape: Shape | undefined, axis: number): number {
  const size = shape?.[axis];
  if (size === null || size === undefined) throw new Unsupported(t('the size of its input is not known'));
  return size;
}

/** An axis of the layer graph, or what is left of one, while it is given out to ONNX's new axes. */
interface Atom {
  /** Nothing for the batch where the file leaves its size open. */
  readonly size: number | undefined;
  /** Before axes were split. */
  readonly axis: number;
}

/**
 * ONNX's reshape: the axes of the layer graph, split where they must be, given out to the new axes from both ends.
 * @param target ONNX's new sizes; null depends on the batch, -1 is to be worked out
 * @param batch how large the file fixes the batch, which the layer graph leaves open
 * @throws Unsupported where the sizes do not fit, or would split the batch
 */
export function reshapeGroups(
  graph: GraphBuilder,
  value: Value,
  target: readonly (number | null)[],
  batch: number | undefined,
): Value {
  const { shape } = value;
  if (!shape) throw new Unsupported(t('the shape of its input is not known'));
  const atoms = groupsOf(value)
    .flat()
    .map((axis): Atom => ({ axis, size: axis === 0 ? batch : sizeAt(shape, axis) }));
  const open = openAxis(target, atoms);
  const given: Atom[][] = target.map(() => []);
  const before = open === undefined ? target.length : open;
  for (let index = 0; index < before; index++) given[index] = takeFrom(atoms, target[index] ?? 1, 'front');
  for (let index = target.length - 1; index > before; index--)
    given[index] = takeFrom(atoms, target[index] ?? 1, 'back').toReversed();
  const rest = open ?? target.length - 1;
  if (open === undefined && atoms.some(({ size }) => size !== 1)) throw mismatch(target);
  given[rest] = [...(given[rest] ?? []), ...atoms];
  return split(graph, value, given);
}

/** The one new axis whose size is left open; a batch that is whole in its axis need not be. */
function openAxis(target: readonly (number | null)[], atoms: readonly Atom[]): number | undefined {
  const open = target.flatMap((size, index) => (size === null || size === -1 ? [index] : []));
  if (open.length <= 1) return open[0];
  throw new Unsupported(t('it reshapes to [{0}] of {1} axes', target.slice(0, 8).join(', '), atoms.length));
}

/** As many axes, or parts of them, as make up a size. */
function takeFrom(atoms: Atom[], size: number, end: 'front' | 'back'): Atom[] {
  const taken: Atom[] = [];
  let left = size;
  const next = () => (end === 'front' ? atoms[0] : atoms.at(-1));
  for (let atom = next(); atom && (left > 1 || (atom.size === 1 && taken.length === 0)); atom = next()) {
    if (atom.size === undefined) throw new Unsupported(t('it reshapes across the batch'));
    if (end === 'front') atoms.shift();
    else atoms.pop();
    if (atom.size <= left && left % atom.size === 0) {
      taken.push(atom);
      left /= atom.size;
      continue;
    }
    if (atom.axis === 0 || atom.size % left !== 0) throw new Unsupported(t('it reshapes across axes'));
    const rest = { axis: atom.axis, size: atom.size / left };
    taken.push({ axis: atom.axis, size: left });
    if (end === 'front') atoms.unshift(rest);
    else atoms.push(rest);
    left = 1;
  }
  if (left > 1) throw new Unsupported(t('it reshapes to more numbers than there are'));
  return taken;
}

/** The layer graph's axes split as `given` has them: parts of one follow each other there. */
function split(graph: GraphBuilder, value: Value, given: readonly (readonly Atom[])[]): Value {
  const { shape = [] } = value;
  const parts = shape.map((_, axis) => given.flat().filter((atom) => atom.axis === axis));
  const starts = parts.map((_, axis) => parts.slice(0, axis).reduce((sum, list) => sum + list.length, 0));
  const groups = given.map((atoms) =>
    atoms.map((atom) => (starts[atom.axis] ?? 0) + (parts[atom.axis]?.indexOf(atom) ?? 0)),
  );
  if (parts.every((list) => list.length === 1)) return regrouped(value, groups);
  const sizes = parts.slice(1).flatMap((list) => list.map(({ size = 1 }) => size));
  const made = graph.add({
    kind: 'Reshape',
    config: { target_shape: sizes },
    inputs: [{ ref: value.ref, shape }],
  });
  const { nonNegative } = value;
  return regrouped(
    { ref: made.ref, ...(made.shape && { shape: made.shape }), ...(nonNegative && { nonNegative }) },
    groups,
  );
}

function mismatch(target: readonly (number | null)[]): Unsupported {
  return new Unsupported(
    t('it reshapes to [{0}], which is another number of numbers', target.slice(0, 8).join(', ')),
  );
}
