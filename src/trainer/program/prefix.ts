import { isRandom } from '../layers/registry';
import type { Layer, LayerId } from '../../core/graph/layerGraph';
import type { Program, ProgramCall } from './program';

/** A program cut where training begins. */
export interface CutProgram {
  /** Frozen and fed by inputs alone: outside the gradient tape, its tensors freed as they are used up. */
  readonly prefix: readonly ProgramCall[];
  readonly tail: readonly ProgramCall[];
}

/**
 * Cuts a program into its prefix, whose outputs no step changes, and the rest. A layer without weights is of the
 * prefix if its inputs are, unless it is random in training.
 */
export function cutPrefix(program: Program, trainable: ReadonlySet<LayerId>): CutProgram {
  const constant = new Set(program.inputs.map(({ key }) => key));
  const prefix: ProgramCall[] = [];
  const tail: ProgramCall[] = [];
  for (const call of program.calls) {
    if (staysConstant(call.layer, trainable) && call.inputs.every((key) => constant.has(key))) {
      for (const key of call.outputs) constant.add(key);
      prefix.push(call);
    } else {
      tail.push(call);
    }
  }
  return { prefix, tail };
}

function staysConstant(layer: Layer, trainable: ReadonlySet<LayerId>): boolean {
  const isTrained = trainable.has(layer.id) && layer.weights.length > 0;
  return !isTrained && !isRandom(layer.kind, layer.config);
}
