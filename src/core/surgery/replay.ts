import { Failure, toldInLines, type Fault } from '../failure';
import { applyFreezeRules, type Frozen } from '../freeze/apply';
import { unmatchedRules } from '../freeze/unmatched';
import { inferShapes } from '../graph/infer';
import type { LayerGraph } from '../graph/layerGraph';
import type { Donors } from './donors';
import { donorOf, donorPath, NO_DONORS } from './donors';
import { labelOf } from './label';
import type { Inferred } from './materialize';
import type { Operated } from './operate';
import { operate } from './operate';
import type { Operation, Recipe } from './recipe';
import { activeOperations } from './recipe';
import type { WarmStartReport } from './warmStart';

/** A model after its recipe. */
export interface Replayed extends Inferred, Frozen {
  /** What is wrong with the graph: an error among them stops training. */
  readonly faults: readonly Fault[];
  /**
   * What the recipe did beside what it says: weights that start anew, layers left without an output, rules that
   * match nothing. Warnings.
   */
  readonly notes: readonly Fault[];
  /** What each warm start took over. */
  readonly warmStarts: readonly WarmStart[];
}

export interface WarmStart extends WarmStartReport {
  /** Which of the recipe's operations it is, from zero. */
  readonly operation: number;
}

/**
 * Performs a recipe on its base model.
 *
 * @throws Failure of kind `input` for an operation or a rule that cannot be carried out
 */
export function replay(base: LayerGraph, recipe: Recipe, donors: Donors = NO_DONORS): Replayed {
  return createReplayer(base, donors)(recipe);
}

/**
 * Replays recipes of one base model. The states of the last recipe are remembered, so that a recipe which shares its
 * first operations with it costs only the others; one that is a beginning of it (undo) costs nothing.
 *
 * @param donors the models that recipes take from, by their paths in the recipes; looked up anew at each replay, so that
 * its owner may add to it and put a file's newer content in
 */
export function createReplayer(base: LayerGraph, donors: Donors = NO_DONORS): (recipe: Recipe) => Replayed {
  const start: Operated = { graph: base, inference: inferShapes(base), notes: [] };
  let done: readonly Step[] = [];
  return (recipe) => {
    const operations = activeOperations(recipe);
    let shared = 0;
    while (shared < operations.length && isDone(done[shared], operations[shared], donors)) shared++;
    const steps = done.slice(0, shared);
    for (const operation of operations.slice(shared)) {
      const before = steps.at(-1)?.after ?? start;
      steps.push({ operation, donor: donorIn(donors, operation), after: perform(before, operation, donors) });
    }
    if (shared < operations.length) done = steps;
    const { graph, inference } = steps.at(-1)?.after ?? start;
    const past = [base, ...steps.map(({ after }) => after.graph)];
    const notes = [
      ...steps.flatMap(({ after }) => after.notes),
      ...unmatchedRules(graph, recipe.freeze, past),
    ];
    return {
      ...applyFreezeRules(graph, recipe.freeze, past),
      inference,
      faults: inference.faults,
      warmStarts: warmStartsOf(recipe, steps),
      notes: notes.map(toldInLines),
    };
  };
}

/** An operation that was carried out. */
interface Step {
  readonly operation: Operation;
  /** What it took from. */
  readonly donor: LayerGraph | undefined;
  readonly after: Operated;
}

function donorIn(donors: Donors, operation: Operation): LayerGraph | undefined {
  const donor = donorOf(operation);
  return donor === undefined ? undefined : donors.get(donorPath(donor));
}

function warmStartsOf({ operations }: Recipe, steps: readonly Step[]): readonly WarmStart[] {
  const places = operations.flatMap(({ disabled }, place) => (disabled ? [] : [place]));
  return steps.flatMap(({ after }, index) =>
    after.warmStart ? [{ operation: places[index]!, ...after.warmStart }] : [],
  );
}

function perform(before: Inferred, operation: Operation, donors: Donors): Operated {
  try {
    return operate(before, operation, donors);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { kind, code, path, layer } = error;
    throw new Failure(kind, code, `${labelOf(operation)}: ${error.message}`, { path, layer, cause: error });
  }
}

/** Operations are plain JSON: by identity when they come from the same recipe, else by their text. */
function isDone(step: Step | undefined, operation: Operation | undefined, donors: Donors): boolean {
  if (!step || !operation || step.donor !== donorIn(donors, operation)) return false;
  return step.operation === operation || JSON.stringify(step.operation) === JSON.stringify(operation);
}
