import * as tf from '@tensorflow/tfjs-core';

/** A node of the tape that tfjs-core records. */
type TapeNode = NonNullable<ReturnType<typeof tf.engine>['state']['activeTape']>[number];

export interface Gradients {
  readonly value: tf.Scalar;
  /** By the order of the inputs; nothing of one that the value does not depend on. */
  readonly gradients: readonly (tf.Tensor | undefined)[];
}

/**
 * The value of `compute` and its gradients, as `tf.engine().gradients` finds them. That one keeps all that the forward
 * pass saved and every gradient between until it has come to its end, twice the memory of the net; this one frees
 * both as soon as nothing further reads them. Not to be nested.
 *
 * @param compute runs on the tape, inside `tf.tidy`
 */
export function gradientsOf(compute: () => tf.Scalar, inputs: readonly tf.Tensor[]): Gradients {
  const { state } = tf.engine();
  const tape: TapeNode[] = [];
  state.activeTape = tape;
  try {
    state.gradientDepth++;
    let value: tf.Scalar;
    try {
      value = tf.tidy(compute);
    } finally {
      state.gradientDepth--;
    }
    const gradients = tf.tidy(() => goBack(tape, value, inputs));
    return { value, gradients };
  } finally {
    tape.forEach(release);
    state.activeTape = null as unknown as TapeNode[];
  }
}

function goBack(
  tape: readonly TapeNode[],
  value: tf.Scalar,
  inputs: readonly tf.Tensor[],
): (tf.Tensor | undefined)[] {
  const learning = learningFrom(tape, inputs);
  const wanted = new Set(inputs.map(({ id }) => id));
  const found = new Map<number, tf.Tensor>([[value.id, tf.scalar(1)]]);
  for (const node of tape.toReversed()) {
    const outer = node.outputs.map(({ id }) => found.get(id));
    const names = Object.keys(node.inputs).filter((name) => learning.has(node.inputs[name].id));
    if (names.length > 0 && outer.some((gradient) => gradient !== undefined)) {
      const inner = gradientsOfNode(node, outer, names);
      names.forEach((name, index) => addTo(found, node.inputs[name].id, inner[index]));
    }
    // Everything that reads an output comes after the node that makes it, so its gradient was complete, and is used up.
    release(node);
    for (const { id } of node.outputs) {
      if (wanted.has(id)) continue;
      found.get(id)?.dispose();
      found.delete(id);
    }
  }
  return inputs.map(({ id }) => found.get(id));
}

/** The tensors that depend on one of `inputs`, by their ids: what is true or a whole number depends by steps alone. */
function learningFrom(tape: readonly TapeNode[], inputs: readonly tf.Tensor[]): ReadonlySet<number> {
  const learning = new Set(inputs.map(({ id }) => id));
  for (const node of tape) {
    if (!Object.values(node.inputs).some(({ id }) => learning.has(id))) continue;
    for (const { id, dtype } of node.outputs) if (dtype !== 'bool' && dtype !== 'int32') learning.add(id);
  }
  return learning;
}

/** Of the named inputs, each a tensor of its own. */
function gradientsOfNode(
  { gradient, kernelName, inputs, saved }: TapeNode,
  outer: readonly (tf.Tensor | undefined)[],
  names: readonly string[],
): tf.Tensor[] {
  if (!gradient) throw new Error(`${kernelName} has no gradient`);
  return tf.tidy(() => {
    const inner = gradient(outer as tf.Tensor[]);
    const others = new Set([...outer, ...(saved ?? [])]);
    return names.map((name) => {
      const own = inner[name]();
      if (!tf.util.arraysEqual(own.shape, inputs[name].shape)) {
        throw new Error(
          `${kernelName} has a gradient of shape ${own.shape} for ${name} of ${inputs[name].shape}`,
        );
      }
      const isShared = others.has(own);
      others.add(own);
      return isShared ? tf.clone(own) : own;
    });
  });
}

function addTo(found: Map<number, tf.Tensor>, id: number, gradient: tf.Tensor): void {
  const before = found.get(id);
  found.set(id, before ? tf.add(before, gradient) : gradient);
  if (!before) return;
  before.dispose();
  gradient.dispose();
}

function release({ saved }: TapeNode): void {
  saved?.forEach((tensor) => tensor.dispose());
}
