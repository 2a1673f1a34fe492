import path from 'node:path';
import type { Fault } from '../../core/failure';
import type { Layer, LayerGraph, WeightRef } from '../../core/graph/layerGraph';
import { t } from '../../l10n/translate';
import type { ModelFile } from '../format';
import { INDEX_SUFFIX, readBundle, readScalarText, type BundleTensor, type TensorBundle } from './bundle';
import { dataTypeName, DT_STRING } from './dataTypes';
import { OBJECT_GRAPH_KEY, readObjectGraph } from './objectGraph';
import { guessKind } from './guessKind';
import { nameByKey, nameByObject, type VariableName } from './variableNames';
import { roleOf } from './weightName';

const WEIGHTS_ONLY = t('the file holds weights without an architecture: weights only');

/**
 * Reads a TensorFlow checkpoint of either kind: its variables, gathered into layers by the scopes in their names. What
 * belongs to training (an optimizer's memory, counters) stands apart in a group of its own.
 * @throws Failure of kind `input`
 */
export async function readCheckpoint(indexPath: string): Promise<ModelFile> {
  const bundle = await readBundle(indexPath);
  const report: Fault[] = [
    {
      severity: 'warning',
      code: 'WEIGHTS_ONLY',
      message: t(
        'the checkpoint holds weights without an architecture; they can be looked at, and start layers of another model',
      ),
    },
  ];
  const variables = [...bundle.tensors.values()].filter((tensor) => isVariable(tensor, report));
  const names = await namesOf(bundle, variables);
  const graph: LayerGraph = {
    name: path.basename(indexPath, INDEX_SUFFIX),
    layers: gather(variables, names),
    inputs: [],
    outputs: [],
  };
  return { format: 'checkpoint', path: indexPath, graph, report, weightsOnly: true };
}

async function namesOf(bundle: TensorBundle, variables: readonly BundleTensor[]) {
  const objects = bundle.tensors.get(OBJECT_GRAPH_KEY);
  return objects
    ? nameByObject(variables, await readObjectGraph(await readScalarText(objects, bundle.path)))
    : nameByKey(variables);
}

/** What is no variable of numbers is told of, but for what TensorFlow keeps for itself. */
function isVariable({ key, type, dtype }: BundleTensor, report: Fault[]): boolean {
  if (dtype) return true;
  if (type !== DT_STRING || !key.startsWith('_CHECKPOINTABLE')) {
    report.push({
      severity: 'warning',
      code: 'VARIABLE_SKIPPED',
      message: t(
        '"{0}" holds values of type {1}, which are not numbers that can be read',
        key,
        dataTypeName(type),
      ),
    });
  }
  return false;
}

function gather(
  variables: readonly BundleTensor[],
  names: ReadonlyMap<BundleTensor, VariableName>,
): readonly Layer[] {
  const scopes = new Map<string, { name: VariableName; weights: WeightRef[] }>();
  for (const variable of variables) {
    const name = names.get(variable)!;
    const scope = scopes.get(name.layer) ?? { name, weights: [] };
    scopes.set(name.layer, scope);
    const taken = scope.weights.some((weight) => weight.name === name.weight);
    const own = taken ? name.written : name.weight;
    const { dtype, shape, ranges } = variable;
    if (!dtype) continue;
    scope.weights.push({ name: own, shape, dtype, role: roleOf(own), source: { from: 'ranges', ranges } });
  }
  return [...scopes].map(([layer, { name, weights }], index): Layer => ({
    id: `variables-${index}`,
    name: layer,
    kind: guessKind(weights),
    config: {},
    calls: [],
    weights,
    trainable: !name.training,
    group: name.group,
    opaque: WEIGHTS_ONLY,
  }));
}
