import type { Fault } from '../failure';
import { Failure } from '../failure';
import { applyFreezeRules, type Frozen } from '../freeze/apply';
import { unmatchedRules } from '../freeze/unmatched';
import { inferShapes } from '../graph/infer';
import type { LayerGraph } from '../graph/layerGraph';
import { labelOf } from './label';
import type { Inferred } from './materialize';
import type { Operated } from './operate';
import { operate } from './operate';
import type { Operation, Recipe } from './recipe';
import { activeOperations } from './recipe';

/** A model after its recipe. */
export interface Replayed extends Inferred, Frozen {
  /** What is wrong with the graph: an error among them stops training. */
  readonly faults: readonly Fault[];
  /**
   * What the recipe did beside what it says: weights that start anew, layers left without an output, rules that
   * match nothing. Warnings.
   */
  readonly notes: readonly Fault[];
}

/**
 * Performs a recipe on its base model.
 *
 * @throws Failure of kind `input` for an operation or a rule that cannot be carried out
 */
export function replay(base: LayerGraph, recipe: Recipe): Replayed {
  return createReplayer(base)(recipe);
}

/**
 * Replays recipes of one base model. The states of the last recipe are remembered, so that a recipe which shares its
 * first operations with it costs only the others; one that is a beginning of it (undo) costs nothing.
 */
export function createReplayer(base: LayerGraph): (recipe: Recipe) => Replayed {
  const start: Operated = { graph: base, inference: inferShapes(base), notes: [] };
  let done: readonly { readonly operation: Operation; readonly after: Operated }[] = [];
  return (recipe) => {
    const operations = activeOperations(recipe);
    let shared = 0;
    while (shared < operations.length && isSame(done[shared]?.operation, operations[shared])) shared++;
    const steps = done.slice(0, shared);
    for (const operation of operations.slice(shared)) {
      const before = steps.at(-1)?.after ?? start;
      steps.push({ operation, after: perform(before, operation) });
    }
    if (shared < operations.length) done = steps;
    const { graph, inference } = steps.at(-1)?.after ?? start;
    const past = [base, ...steps.map(({ after }) => after.graph)];
    return {
      ...applyFreezeRules(graph, recipe.freeze, past),
      inference,
      faults: inference.faults,
      notes: [...steps.flatMap(({ after }) => after.notes), ...unmatchedRules(graph, recipe.freeze, past)],
    };
  };
}

function perform(before: Inferred, operation: Operation): Operated {
  try {
    return operate(before, operation);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { kind, code, path, layer } = error;
    throw new Failure(kind, code, `${labelOf(operation)}: ${error.message}`, { path, layer, cause: error });
  }
}

/** Operations are plain JSON: by identity when they come from the same recipe, else by their text. */
function isSame(a: Operation | undefined, b: Operation | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
