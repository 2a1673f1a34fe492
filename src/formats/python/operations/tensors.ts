import {
  sameTensor,
  type Layer,
  type LayerGraph,
  type LayerId,
  type TensorRef,
} from '../../../core/graph/layerGraph';
import { outputsEndingIn, tensorOf } from '../../../core/surgery/reach';
import { LINE, list, text } from '../literal';
import type { Step } from './step';

/** A variable of the script that holds a model. */
export type Variable = 'model' | 'donor';

/** Code of what Keras calls a layer of a model, or an operation in it. */
export function layerCode(variable: Variable, { id, name }: Layer, operations: ReadonlySet<LayerId>): string {
  return operations.has(id)
    ? `{op.name: op for op in ${variable}.operations}[${text(name)}]`
    : `${variable}.get_layer(${text(name)})`;
}

/** Code of the one tensor that a layer makes. */
export function outputOf(
  variable: Variable,
  graph: LayerGraph,
  layer: Layer,
  operations: ReadonlySet<LayerId>,
): string {
  const input = graph.inputs.findIndex((tensor) => tensor.layer === layer.id);
  // A Sequential does not count its input among its layers.
  if (input >= 0) return `${variable}.inputs[${input}]`;
  const { output } = tensorOf(graph, layer);
  const whole = `${layerCode(variable, layer, operations)}.output`;
  return output === 0 ? whole : `${whole}[${output}]`;
}

/**
 * `model` with the inputs and outputs that an operation leaves it: all of its own inputs in the usual case.
 * @param layer that `ends` take the place of what hangs on
 */
export function modelEndingIn(
  { before, after }: Pick<Step, 'before' | 'after'>,
  layer: Layer,
  ends: readonly { readonly tensor: TensorRef; readonly code: string }[],
): readonly string[] {
  const tensors = ends.map(({ tensor }) => tensor);
  const outputs = outputsEndingIn(before, layer, ...tensors).map((output) => {
    const end = ends.find(({ tensor }) => tensor === output);
    const place = before.outputs.findIndex((candidate) => sameTensor(candidate, output));
    return end?.code ?? `model.outputs[${place}]`;
  });
  const fed = new Set(after.inputs.map((input) => input.layer));
  const inputs = before.inputs.flatMap((input, place) =>
    fed.has(input.layer) ? [`model.inputs[${place}]`] : [],
  );
  const given = inputs.length === before.inputs.length ? 'model.inputs' : list(inputs);
  const [only] = outputs;
  const made = outputs.length === 1 && only !== undefined ? only : list(outputs);
  const line = `model = keras.Model(${given}, ${made}, name=model.name)`;
  if (line.length <= LINE) return [line];
  return ['model = keras.Model(', `    ${given},`, `    ${made},`, '    name=model.name,', ')'];
}
