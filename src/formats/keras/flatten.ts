import { Failure } from '../../core/failure';
import type { Call, TensorRef } from '../../core/graph/layerGraph';
import { MAX_CALLS, MAX_LAYERS } from './bounds';
import type { NamedTensor } from './inboundNode';
import type { ConfiguredLayer, ConfiguredModel } from './modelConfig';
import { t } from '../../l10n/translate';

/** A layer that is no model, lifted out of the models it is in. */
export interface FlatLayer {
  /** Names from the outermost model's layer down to this one's: `["backbone", "conv1"]`. */
  readonly path: readonly string[];
  readonly id: string;
  readonly configured: ConfiguredLayer;
  readonly calls: readonly Call[];
  /** Whether it and every model it is in are. */
  readonly trainable: boolean;
}

export interface FlatModel {
  readonly layers: readonly FlatLayer[];
  /** Arguments of calls that are not tensors, by the path of the layer or model that is called with them. */
  readonly extras: ReadonlyMap<string, readonly string[]>;
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
}

/** A model where it stands: how often it is called, and by whom. */
interface Scope {
  readonly model: ConfiguredModel;
  readonly path: readonly string[];
  /** How often the whole is evaluated: the product of calls on the way down. */
  readonly evaluations: number;
  readonly layers: ReadonlyMap<string, ConfiguredLayer>;
  readonly parent?: { readonly scope: Scope; readonly layer: ConfiguredLayer };
  readonly children: Map<string, Scope>;
  readonly trainable: boolean;
}

/**
 * Takes nested models apart. Their input layers dissolve into what feeds the model; a layer of a model that is called
 * n times is called n times as often. Evaluation `e` of a scope is call `e % calls` of its layer in evaluation
 * `e / calls` of the scope around it.
 * @throws Failure `MODEL_CONFIG` for tensors that lead nowhere or in circles, `MODEL_TOO_LARGE`
 */
export function flatten(model: ConfiguredModel): FlatModel {
  const root = openScope(model, [], 1, undefined, true);
  const placed = placeLayers(root);
  const calls = placed.reduce((sum, { scope, layer }) => sum + scope.evaluations * layer.calls.length, 0);
  if (placed.length > MAX_LAYERS || calls > MAX_CALLS) {
    throw new Failure(
      'input',
      'MODEL_TOO_LARGE',
      t(
        '{0} layers with {1} calls, expected at most {2} and {3}',
        placed.length,
        calls,
        MAX_LAYERS,
        MAX_CALLS,
      ),
    );
  }
  return {
    layers: placed.map(({ scope, layer }) => flattenLayer(scope, layer)),
    extras: new Map(extrasIn(model)),
    inputs: model.inputs.map((tensor) => resolve(root, 0, tensor)),
    outputs: model.outputs.map((tensor) => resolve(root, 0, tensor)),
  };
}

function openScope(
  model: ConfiguredModel,
  path: readonly string[],
  evaluations: number,
  parent: Scope['parent'],
  trainable: boolean,
): Scope {
  const layers = new Map(model.layers.map((layer) => [layer.name, layer]));
  const here = trainable && model.trainable;
  const scope: Scope = {
    model,
    path,
    evaluations,
    layers,
    children: new Map(),
    trainable: here,
    ...(parent && { parent }),
  };
  for (const layer of model.layers) {
    if (!layer.model) continue;
    const times = evaluations * layer.calls.length;
    const inner = { scope, layer };
    scope.children.set(layer.name, openScope(layer.model, [...path, layer.name], times, inner, here));
  }
  return scope;
}

/** Layers that stay, in the file's order, nested ones where their model stands. */
function placeLayers(scope: Scope): { scope: Scope; layer: ConfiguredLayer }[] {
  return scope.model.layers.flatMap((layer) => {
    const child = scope.children.get(layer.name);
    if (child) return placeLayers(child);
    return scope.parent && layer.className === 'InputLayer' ? [] : [{ scope, layer }];
  });
}

function flattenLayer(scope: Scope, layer: ConfiguredLayer): FlatLayer {
  const path = [...scope.path, layer.name];
  const calls: Call[] = [];
  for (let evaluation = 0; evaluation < scope.evaluations; evaluation++) {
    for (const call of layer.calls) {
      calls.push({ inputs: call.inputs.map((tensor) => resolve(scope, evaluation, tensor)) });
    }
  }
  return {
    path,
    id: idOf(path),
    configured: layer,
    calls,
    trainable: scope.trainable && layer.config.trainable !== false,
  };
}

/** The tensor that a name inside a scope stands for, followed in and out of models until a layer makes it. */
function resolve(from: Scope, inEvaluation: number, named: NamedTensor): TensorRef {
  let scope = from;
  let evaluation = inEvaluation;
  let tensor = named;
  for (let step = 0; step < MAX_CALLS; step++) {
    const layer = scope.layers.get(tensor.layer);
    if (!layer) {
      throw dangling(scope, tensor, t('there is no layer "{0}"', tensor.layer), tensor.layer);
    }
    if (tensor.call >= layer.calls.length || tensor.call < 0) {
      throw dangling(
        scope,
        tensor,
        t(
          'layer "{0}" has {1} call(s), and call {2} is asked for',
          layer.name,
          layer.calls.length,
          tensor.call,
        ),
        layer.name,
      );
    }
    const child = scope.children.get(layer.name);
    if (child) {
      const output = child.model.outputs[tensor.output];
      if (!output) {
        throw dangling(
          scope,
          tensor,
          t('model "{0}" has no output {1}', layer.name, tensor.output),
          layer.name,
        );
      }
      [scope, evaluation, tensor] = [child, evaluation * layer.calls.length + tensor.call, output];
    } else if (scope.parent && layer.className === 'InputLayer') {
      const position = scope.model.inputs.findIndex((input) => input.layer === layer.name);
      const { scope: outer, layer: asLayer } = scope.parent;
      const count = asLayer.calls.length;
      const feed = asLayer.calls[evaluation % count]?.inputs[position];
      if (position < 0 || !feed) {
        throw dangling(
          scope,
          tensor,
          t('nothing feeds the input "{0}" of model "{1}"', layer.name, asLayer.name),
          layer.name,
        );
      }
      [scope, evaluation, tensor] = [outer, Math.floor(evaluation / count), feed];
    } else {
      return {
        layer: idOf([...scope.path, layer.name]),
        call: evaluation * layer.calls.length + tensor.call,
        output: tensor.output,
      };
    }
  }
  throw new Failure(
    'input',
    'GRAPH_CYCLE',
    t('model "{0}": layer "{1}" feeds itself', from.model.name, named.layer),
    {
      layer: named.layer,
    },
  );
}

function idOf(path: readonly string[]): string {
  return path.join('\u001f');
}

function extrasIn(model: ConfiguredModel, path: readonly string[] = []): [string, readonly string[]][] {
  return model.layers.flatMap((layer) => {
    const here = [...path, layer.name];
    const extras = [...new Set(layer.calls.flatMap((call) => call.extras))];
    const own: [string, readonly string[]][] = extras.length > 0 ? [[here.join('/'), extras]] : [];
    return layer.model ? [...own, ...extrasIn(layer.model, here)] : own;
  });
}

function dangling(scope: Scope, tensor: NamedTensor, why: string, layer: string): Failure {
  return new Failure(
    'input',
    'MODEL_CONFIG',
    t(
      'model "{0}": the tensor ["{1}", {2}, {3}] leads nowhere: {4}',
      scope.model.name,
      tensor.layer,
      tensor.call,
      tensor.output,
      why,
    ),
    { layer },
  );
}
