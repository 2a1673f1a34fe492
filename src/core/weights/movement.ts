/** How far numbers have gone, as sums that several weights' add up to. */
export interface Movement {
  /** Σ (after − before)² */
  readonly moved: number;
  /** Σ before² */
  readonly before: number;
}

export const NO_MOVEMENT: Movement = { moved: 0, before: 0 };

/**
 * How far one weight has gone.
 *
 * @param before row-major, of the same shape as `after`
 */
export function movementOf(before: Float32Array, after: Float32Array): Movement {
  let [moved, size] = [0, 0];
  for (let at = 0; at < before.length; at++) {
    moved += (after[at] - before[at]) ** 2;
    size += before[at] ** 2;
  }
  return { moved, before: size };
}

export function joinMovements(parts: readonly Movement[]): Movement {
  return parts.reduce(
    (sum, part) => ({ moved: sum.moved + part.moved, before: sum.before + part.before }),
    NO_MOVEMENT,
  );
}

/**
 * The relative movement ‖after − before‖₂ / ‖before‖₂: exactly 0 where nothing has moved, `undefined` where all numbers
 * were 0 before and are not any more, so that there is nothing to divide by. Source: the layer-wise distance from the
 * initial weights of Zhang, Bengio and Singer, Are All Layers Created Equal? (JMLR 23, 2022), section 2, divided by the
 * norm of these.
 */
export function relativeMovement({ moved, before }: Movement): number | undefined {
  if (moved === 0) return 0;
  return before === 0 ? undefined : Math.sqrt(moved / before);
}
