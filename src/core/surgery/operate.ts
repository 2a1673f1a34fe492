import type { Fault } from '../failure';
import type { LayerGraph, LayerId } from '../graph/layerGraph';
import { layerNamed, layersById } from '../graph/lookup';
import { showShape } from '../layers/kind';
import { append } from './append';
import { configure } from './configure';
import { cut } from './cut';
import type { Donors } from './donors';
import { NO_DONORS } from './donors';
import { graft } from './graft';
import { inputShape } from './inputShape';
import { insert } from './insert';
import { refuseMisfits } from './join';
import type { Inferred, LostWeights } from './materialize';
import { settleWeights } from './materialize';
import { refuseMissingOutputs } from './missingOutputs';
import type { Operation } from './recipe';
import { reinitialize } from './reinitialize';
import { remove } from './remove';
import { rename } from './rename';
import { replace } from './replace';
import type { WarmStartReport } from './warmStart';
import { warmStart } from './warmStart';
import { t, tn } from '../../l10n/translate';

/** A graph after an operation, and what people should know of it: warnings, none of which stops anything. */
export interface Operated extends Inferred {
  readonly notes: readonly Fault[];
  /** What a `warmStart` took over. */
  readonly warmStart?: WarmStartReport;
}

/**
 * One operation on a graph whose shapes are known. Shapes that disagree afterwards are faults in `inference`, not
 * failures (an edit is often half of two), except where `remove` joins neighbours.
 *
 * @param donors the models that `graft` and `warmStart` take from
 * @throws Failure of kind `input` when the operation cannot be done; the graph stays as it was
 */
export function operate(before: Inferred, operation: Operation, donors: Donors = NO_DONORS): Operated {
  if (operation.op === 'warmStart') {
    const { graph, report } = warmStart(before.graph, operation, donors);
    const { inference, lost } = settleWeights(before, graph);
    return {
      graph,
      inference,
      notes: [...lost.map(noteOfLost), ...noteOfNoMatch(report)],
      warmStart: report,
    };
  }
  const changed = perform(before.graph, operation, donors);
  const { graph, inference, lost } = settleWeights(
    before,
    changed,
    graftedBy(operation, before.graph, changed),
  );
  if (operation.op === 'remove') refuseMisfits(before, { graph, inference }, lost, operation.layers);
  if (operation.op === 'replace' || operation.op === 'configure') {
    refuseMissingOutputs({ graph, inference }, layerNamed(before.graph, operation.layer).id);
  }
  return {
    graph,
    inference,
    notes: [...lost.map(noteOfLost), ...noteOfDropped(before.graph, graph, operation)],
  };
}

/** The operation alone: layers and the tensors between them, no shapes looked at. */
function perform(
  graph: LayerGraph,
  operation: Exclude<Operation, { op: 'warmStart' }>,
  donors: Donors,
): LayerGraph {
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
    case 'replace':
      return replace(graph, operation);
    case 'inputShape':
      return inputShape(graph, operation);
    case 'graft':
      return graft(graph, operation, donors);
  }
}

/** A donor's weights are why it is grafted: where they do not fit, that is said as a fault, not mended by fresh ones. */
function graftedBy({ op }: Operation, before: LayerGraph, after: LayerGraph): ReadonlySet<LayerId> {
  if (op !== 'graft') return new Set();
  const known = layersById(before);
  return new Set(after.layers.flatMap(({ id }) => (known.has(id) ? [] : [id])));
}

function noteOfNoMatch({ from, matched }: WarmStartReport): Fault[] {
  if (matched.length > 0) return [];
  return [
    {
      severity: 'warning',
      code: 'WARM_START_MATCHES_NOTHING',
      message: t(
        'the warm start from {0} found no weight by name and shape; say with "map" which layers are which',
        from,
      ),
    },
  ];
}

function noteOfLost({ layer, weights }: LostWeights): Fault {
  const list = weights.map((weight) => `${weight.name} ${showShape(weight.shape)}`).join(', ');
  return {
    severity: 'warning',
    code: 'WEIGHTS_REINITIALIZED',
    layer: layer.name,
    message: tn(
      weights.length,
      '"{0}" starts anew: its {1} no longer fits',
      '"{0}" starts anew: its {1} no longer fit',
      layer.name,
      list,
    ),
  };
}

/** A cut says that layers go; an append or a graft that leaves some without an output does not, so it is told. */
function noteOfDropped(before: LayerGraph, after: LayerGraph, operation: Operation): Fault[] {
  if (operation.op !== 'append' && operation.op !== 'graft') return [];
  const kept = new Set(after.layers.map((layer) => layer.id));
  const dropped = before.layers.filter((layer) => !kept.has(layer.id)).map((layer) => layer.name);
  if (dropped.length === 0) return [];
  const names =
    dropped.length > 4
      ? t('{0} and {1} more', dropped.slice(0, 3).join(', '), dropped.length - 3)
      : dropped.join(', ');
  return [
    {
      severity: 'warning',
      code: 'LAYERS_DROPPED',
      layer: operation.after,
      message:
        operation.op === 'graft'
          ? t('grafting after "{0}" left {1} without an output: dropped', operation.after, names)
          : t('appending after "{0}" left {1} without an output: dropped', operation.after, names),
    },
  ];
}
