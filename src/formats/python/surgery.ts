import { Failure } from '../../core/failure';
import { inferShapes } from '../../core/graph/infer';
import { sameTensor, type Layer, type LayerGraph, type TensorRef } from '../../core/graph/layerGraph';
import { layerNamed } from '../../core/graph/lookup';
import { labelOf } from '../../core/surgery/label';
import type { Inferred } from '../../core/surgery/materialize';
import { operate } from '../../core/surgery/operate';
import { outputsEndingIn, tensorOf } from '../../core/surgery/reach';
import type { Operation, OperationOf } from '../../core/surgery/recipe';
import { comment, literal, LINE, list, text } from './literal';
import { call, configOf, newLayer } from './newLayer';

export interface SurgeryScript {
  readonly lines: readonly string[];
  /** Whether a line calls `rebuild`. */
  readonly rebuilds: boolean;
  /** The graph before the first operation and after each. */
  readonly states: readonly LayerGraph[];
}

/** A recipe's operations as Keras code on a variable `model`, each under its label. */
export function surgeryScript(base: LayerGraph, operations: readonly Operation[]): SurgeryScript {
  const lines: string[] = [];
  const states = [base];
  let state: Inferred = { graph: base, inference: inferShapes(base) };
  for (const operation of operations) {
    if (isUnsaid(operation)) throw unsaid(operation);
    const after = operate(state, operation);
    lines.push(comment(`${labelOf(operation)}.`), ...codeOf(operation, state.graph, after.graph), '');
    states.push(after.graph);
    state = after;
  }
  return { lines, rebuilds: operations.some(rebuilds), states };
}

const FUNCTIONAL = 'model = keras.Model(model.inputs, model.outputs[0], name=model.name)';

const rebuilds = ({ op }: Operation): boolean =>
  op === 'remove' || op === 'insert' || op === 'configure' || op === 'reinitialize';

/** What a script has no lines for. */
type Unsaid = OperationOf<'replace' | 'inputShape' | 'graft' | 'warmStart'>;

const isUnsaid = (operation: Operation): operation is Unsaid =>
  ['replace', 'inputShape', 'graft', 'warmStart'].includes(operation.op);

function unsaid(operation: Unsaid): Failure {
  return new Failure(
    'input',
    'PYTHON_OPERATION',
    `${labelOf(operation)}: a Keras script cannot say "${operation.op}"; write the model as .keras and take that as the base`,
  );
}

function codeOf(
  operation: Exclude<Operation, Unsaid>,
  before: LayerGraph,
  after: LayerGraph,
): readonly string[] {
  switch (operation.op) {
    case 'cut': {
      const last = layerNamed(before, operation.after);
      return modelEndingIn(before, after, last, tensorOf(before, last), outputOf(before, last));
    }
    case 'append': {
      const last = layerNamed(before, operation.after);
      const chain = newLayersOf(before, after);
      const end = chain.at(-1) ?? last;
      return [
        `x = ${outputOf(before, last)}`,
        ...chain.map((layer) => `x = ${newLayer(layer)}(x)`),
        ...modelEndingIn(before, after, last, tensorAt(end), 'x'),
      ];
    }
    case 'insert':
      return insertion(operation, newLayersOf(before, after));
    case 'remove':
      refuseFewerOutputs(before, after, operation);
      return [`model = rebuild(model, skip=${list(operation.layers.map(text))})`];
    case 'rename': {
      const isInput = layerNamed(before, operation.layer).kind === 'InputLayer';
      return [
        // A Sequential does not count its input among its layers; as a functional model it does.
        ...(isInput && before.sequential ? [FUNCTIONAL] : []),
        `model.get_layer(${text(operation.layer)}).name = ${text(operation.to)}`,
      ];
    }
    case 'configure': {
      const layer = layerNamed(after, operation.layer);
      const changed = configOf(layer, changedKeys(layerNamed(before, operation.layer), layer.config));
      return [`model = ${call('rebuild', ['model', `config=${literal({ [operation.layer]: changed })}`])}`];
    }
    case 'reinitialize':
      return [`model = rebuild(model, fresh=${list(operation.layers.map(text))})`];
  }
}

function insertion({ between }: OperationOf<'insert'>, chain: readonly Layer[]): readonly string[] {
  const [from, to] = between.map(text);
  return [
    'model = rebuild(',
    '    model,',
    '    between=(',
    `        ${from},`,
    `        ${to},`,
    `        ${list(
      chain.map((layer) => newLayer(layer, ' '.repeat(12))),
      ' '.repeat(8),
    )},`,
    '    ),',
    ')',
  ];
}

/** `model` with the inputs and outputs that an operation leaves it: all of its own inputs in the usual case. */
function modelEndingIn(
  before: LayerGraph,
  after: LayerGraph,
  layer: Layer,
  end: TensorRef,
  code: string,
): readonly string[] {
  const outputs = outputsEndingIn(before, layer, end).map((output) => {
    const place = before.outputs.findIndex((candidate) => sameTensor(candidate, output));
    return output === end || place < 0 ? code : `model.outputs[${place}]`;
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

function outputOf(graph: LayerGraph, layer: Layer): string {
  const input = graph.inputs.findIndex((tensor) => tensor.layer === layer.id);
  // A Sequential does not count its input among its layers.
  if (input >= 0) return `model.inputs[${input}]`;
  const { output } = tensorOf(graph, layer);
  const whole = `model.get_layer(${text(layer.name)}).output`;
  return output === 0 ? whole : `${whole}[${output}]`;
}

function tensorAt(layer: Layer): TensorRef {
  return { layer: layer.id, call: 0, output: 0 };
}

function newLayersOf(before: LayerGraph, after: LayerGraph): readonly Layer[] {
  const known = new Set(before.layers.map((layer) => layer.id));
  return after.layers.filter((layer) => !known.has(layer.id));
}

/** What a field's change brings with it (a padding that moves with a size) is in the normal form too. */
function changedKeys(before: Layer, config: Layer['config']): readonly string[] {
  return Object.keys(config).filter(
    (key) => JSON.stringify(config[key]) !== JSON.stringify(before.config[key]),
  );
}

function refuseFewerOutputs(before: LayerGraph, after: LayerGraph, operation: Operation): void {
  if (before.outputs.length === after.outputs.length) return;
  throw new Failure(
    'input',
    'PYTHON_OPERATION',
    `"${labelOf(operation)}" joins outputs of the model (${before.outputs.length} become ${after.outputs.length}), ` +
      'which a script cannot repeat; cut the model down to one output first',
  );
}
