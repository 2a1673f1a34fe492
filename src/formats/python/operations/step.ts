import { Failure } from '../../../core/failure';
import type { Layer, LayerGraph, LayerId } from '../../../core/graph/layerGraph';
import type { Donors, DonorReference } from '../../../core/surgery/donors';
import { labelOf } from '../../../core/surgery/label';
import type { Operation, OperationOf } from '../../../core/surgery/recipe';
import type { WarmStartReport } from '../../../core/surgery/warmStart';
import type { ModelFile } from '../../format';
import type { Helper } from '../helpers';
import { t } from '../../../l10n/translate';

/** What stays the same for all operations of a script. */
export interface Setting {
  /** Layers that are operations on tensors to Keras, which `get_layer` does not find. */
  readonly operations: ReadonlySet<LayerId>;
  readonly donors: Donors;
  /** The file of a donor. @throws Failure where a script cannot load it */
  donorFile(donor: DonorReference): ModelFile;
  /** A file's path as code, relative to the script. */
  pathCode(file: string): string;
}

/** An operation that was carried out here and is to be said in Python. */
export interface Step {
  readonly before: LayerGraph;
  readonly after: LayerGraph;
  readonly warmStart?: WarmStartReport;
  readonly setting: Setting;
}

/** Lines on a variable `model`, and the functions that they call. */
export interface Said {
  readonly lines: readonly string[];
  readonly helpers?: readonly Helper[];
  /** What the operation brings that is no layer to Keras but an operation on tensors. */
  readonly operations?: readonly LayerId[];
}

/** @throws Failure `PYTHON_…` for what a script cannot say */
export type Say<Op extends Operation['op']> = (operation: OperationOf<Op>, step: Step) => Said;

/** Layers that an operation brought, in the graph's order. */
export function newLayersOf({ before, after }: Pick<Step, 'before' | 'after'>): readonly Layer[] {
  const known = new Set(before.layers.map((layer) => layer.id));
  return after.layers.filter((layer) => !known.has(layer.id));
}

export function unsaid(operation: Operation, why: string, layer?: string): Failure {
  return new Failure(
    'input',
    'PYTHON_OPERATION',
    t('"{0}" cannot be said in a Keras script: {1}', labelOf(operation), why),
    layer === undefined ? undefined : { layer },
  );
}

/** @throws Failure where Keras has no layer of this name that could be another one */
export function refuseOperation(operation: Operation, layer: Layer, { operations }: Setting): void {
  if (!operations.has(layer.id)) return;
  throw unsaid(
    operation,
    t(
      '"{0}" is an operation on tensors there, found no layer; write the model as .keras, which makes layers of them, and use that as the base',
      layer.name,
    ),
    layer.name,
  );
}
