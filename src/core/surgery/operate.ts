import type { Fault } from '../failure';
import type { LayerGraph } from '../graph/layerGraph';
import { showShape } from '../layers/kind';
import { append } from './append';
import { configure } from './configure';
import { cut } from './cut';
import { insert } from './insert';
import { refuseMisfits } from './join';
import type { Inferred, LostWeights } from './materialize';
import { settleWeights } from './materialize';
import type { Operation } from './recipe';
import { reinitialize } from './reinitialize';
import { remove } from './remove';
import { rename } from './rename';

/** A graph after an operation, and what people should know of it: warnings, none of which stops anything. */
export interface Operated extends Inferred {
  readonly notes: readonly Fault[];
}

/**
 * One operation on a graph whose shapes are known. Shapes that disagree afterwards are faults in `inference`, not
 * failures (an edit is often half of two), except where `remove` joins neighbours.
 *
 * @throws Failure of kind `input` when the operation cannot be done; the graph stays as it was
 */
export function operate(before: Inferred, operation: Operation): Operated {
  const { graph, inference, lost } = settleWeights(before, perform(before.graph, operation));
  if (operation.op === 'remove') refuseMisfits(before, { graph, inference }, lost, operation.layers);
  return {
    graph,
    inference,
    notes: [...lost.map(noteOfLost), ...noteOfDropped(before.graph, graph, operation)],
  };
}

/** The operation alone: layers and the tensors between them, no shapes looked at. */
export function perform(graph: LayerGraph, operation: Operation): LayerGraph {
  switch (operation.op) {
    case 'cut':
      return cut(graph, operation);
    case 'remove':
      return remove(graph, operation);
    case 'append':
      return append(graph, operation);
    case 'insert':
      return insert(graph, operation);
    case 'rename':
      return rename(graph, operation);
    case 'configure':
      return configure(graph, operation);
    case 'reinitialize':
      return reinitialize(graph, operation);
  }
}

function noteOfLost({ layer, weights }: LostWeights): Fault {
  const list = weights.map((weight) => `${weight.name} ${showShape(weight.shape)}`).join(', ');
  return {
    severity: 'warning',
    code: 'WEIGHTS_REINITIALIZED',
    layer: layer.name,
    message: `"${layer.name}" starts anew: its ${list} no longer ${weights.length === 1 ? 'fits' : 'fit'}`,
  };
}

/** A cut says that layers go; an append that leaves some without an output does not, so it is told. */
function noteOfDropped(before: LayerGraph, after: LayerGraph, operation: Operation): Fault[] {
  if (operation.op !== 'append') return [];
  const kept = new Set(after.layers.map((layer) => layer.id));
  const dropped = before.layers.filter((layer) => !kept.has(layer.id)).map((layer) => layer.name);
  if (dropped.length === 0) return [];
  const names =
    dropped.length > 4
      ? `${dropped.slice(0, 3).join(', ')} and ${dropped.length - 3} more`
      : dropped.join(', ');
  return [
    {
      severity: 'warning',
      code: 'LAYERS_DROPPED',
      layer: operation.after,
      message: `appending after "${operation.after}" left ${names} without an output: dropped`,
    },
  ];
}
