import { inferShapes } from '../../core/graph/infer';
import type { LayerGraph, LayerId } from '../../core/graph/layerGraph';
import { labelOf } from '../../core/surgery/label';
import { operate, type Operated } from '../../core/surgery/operate';
import type { Operation } from '../../core/surgery/recipe';
import { inEnglish, t } from '../../l10n/translate';
import type { Helper } from './helpers';
import { comment } from './literal';
import { unsaid, type Setting } from './operations/step';
import { say } from './operations/table';

export interface SurgeryScript {
  readonly lines: readonly string[];
  /** Functions that the lines call. */
  readonly helpers: readonly Helper[];
  /** Layers of the last graph that are operations on tensors to Keras. */
  readonly operations: ReadonlySet<LayerId>;
  /** The graph before the first operation and after each. */
  readonly states: readonly LayerGraph[];
}

/** A recipe's operations as Keras code on a variable `model`, each under its label. */
export function surgeryScript(
  base: LayerGraph,
  operations: readonly Operation[],
  setting: Setting,
): SurgeryScript {
  const lines: string[] = [];
  const helpers: Helper[] = [];
  const states = [base];
  const known = new Set(setting.operations);
  let before: Operated = { graph: base, inference: inferShapes(base), notes: [] };
  for (const [place, operation] of operations.entries()) {
    const after = operate(before, operation, setting.donors);
    if (place < operations.length - 1) refuseMisfit(operation, before, after);
    const { warmStart } = after;
    const said = say(operation, {
      ...{ before: before.graph, after: after.graph, setting: { ...setting, operations: known } },
      ...(warmStart && { warmStart }),
    });
    lines.push(comment(`${inEnglish(() => labelOf(operation))}.`), ...said.lines, '');
    helpers.push(...(said.helpers ?? []));
    for (const id of said.operations ?? []) known.add(id);
    states.push(after.graph);
    before = after;
  }
  return { lines, helpers, operations: known, states };
}

/** Here an edit may be half of two; Keras builds the model after each. */
function refuseMisfit(operation: Operation, before: Operated, after: Operated): void {
  const known = new Set(errorsOf(before).map(({ layer }) => layer));
  const fault = errorsOf(after).find(({ layer }) => !known.has(layer));
  if (!fault) return;
  throw unsaid(
    operation,
    t(
      'after it, before the next operation, {0}; put the operations into an order in which the layers always fit',
      fault.message,
    ),
    fault.layer,
  );
}

const errorsOf = ({ inference }: Operated) => inference.faults.filter(({ severity }) => severity === 'error');
