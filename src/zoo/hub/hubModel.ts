import { Failure } from '../../core/failure';
import { recogniseBackbone } from '../../core/backbone/recognise';
import { inferShapes, shapeOf } from '../../core/graph/infer';
import type { LayerGraph, Shape } from '../../core/graph/layerGraph';
import type { Preprocess } from '../../core/plan/trainingData';
import type { Recipe } from '../../core/surgery/recipe';
import { replay } from '../../core/surgery/replay';
import type { ModelToExport } from '../../formats/exportModel';
import type { ModelFile } from '../../formats/format';
import { listFew } from '../../formats/listFew';
import { openModel } from '../../formats/registry';
import type { HubModule } from './hubModule';
import { t } from '../../l10n/translate';

/** A module as a model: a frozen backbone, to be written, or given a head. */
export interface HubModel {
  readonly model: ModelToExport;
  /** For the model once it is written: its layers frozen as a whole, by the group that they are in. */
  readonly recipe: Recipe;
  /** Without the batch; undefined where the module does not tell. */
  readonly input: Shape | undefined;
  readonly output: Shape | undefined;
  /** The layer that gives the features: what a head goes on. */
  readonly end: string;
  /** What images go through before, where the graph tells. */
  readonly preprocess: Preprocess | undefined;
}

export interface HubWish {
  /** Height and width in pixels, of a module that takes images of any size; `null` where they stay open. */
  readonly inputSize?: readonly [number | null, number | null];
  readonly signal?: AbortSignal;
}

/**
 * A module as layers: what its graph serves, each operation as the layer that computes it, in one group of the module's
 * name and frozen. Weights are the module's own numbers, where they are in its files.
 *
 * @throws Failure as `openModel`; `HUB_OPAQUE`, which names operations that no layer computes; `HUB_SIZE` for a size that
 * the module does not take; the signal's reason once aborted
 */
export async function hubModel(module: HubModule, { inputSize, signal }: HubWish = {}): Promise<HubModel> {
  const file = await openModel(module.folder, signal);
  refuseOpaque(file, module);
  const base = asBackbone(file.graph, module.name);
  const recipe: Recipe = { version: 1, operations: [], freeze: [{ match: { group: module.name } }] };
  const operations: Recipe['operations'] = inputSize
    ? [{ op: 'inputShape', shape: [...inputSize, channelsOf(base, module)] }]
    : [];
  const { graph, faults } = replay(base, { ...recipe, operations });
  const [fault] = faults.filter(({ severity }) => severity === 'error');
  if (fault) {
    throw new Failure(
      'input',
      'HUB_SIZE',
      t('{0} as {1}: {2}', module.name, inputSize?.join('x'), fault.message),
      {
        path: module.folder,
        ...(fault.layer !== undefined && { layer: fault.layer }),
      },
    );
  }
  const shapes = inferShapes(graph);
  const sizes = ([tensor]: LayerGraph['outputs']) => tensor && shapeOf(shapes, tensor)?.slice(1);
  return {
    model: { file: { ...file, graph: base }, graph, faults: [] },
    recipe,
    input: sizes(graph.inputs),
    output: sizes(graph.outputs),
    end: graph.layers.find(({ id }) => id === graph.outputs[0]?.layer)?.name ?? '',
    preprocess: recogniseBackbone(graph)?.preprocess,
  };
}

/** All layers but the inputs, frozen and in one group around the scopes of their own. */
export function asBackbone(graph: LayerGraph, name: string): LayerGraph {
  const layers = graph.layers.map((layer) => ({
    ...layer,
    trainable: false,
    ...(layer.kind !== 'InputLayer' && { group: [name, ...layer.group] }),
  }));
  return { ...graph, name, layers };
}

/** A layer that nothing computes can be looked at in the module's own folder, and goes into no other file. */
function refuseOpaque({ graph, report }: ModelFile, { name, folder }: HubModule): void {
  const opaque = graph.layers.filter((layer) => layer.opaque !== undefined);
  if (opaque.length === 0) return;
  const why = report.find(({ layer }) => layer === opaque[0]?.name)?.message ?? '';
  const names = opaque.map((layer) => `"${layer.name}"`);
  throw new Failure(
    'input',
    'HUB_OPAQUE',
    t(
      '{0}: found {1}: {2}; open {3} to look at it and to cut before it',
      name,
      listFew(names, 1),
      why,
      folder,
    ),
    { path: folder, layer: opaque[0]!.name },
  );
}

function channelsOf(graph: LayerGraph, { name, folder }: HubModule): number | null {
  const layer = graph.layers.find(({ id }) => id === graph.inputs[0]?.layer);
  const shape = layer?.config.batch_shape;
  if (graph.inputs.length === 1 && Array.isArray(shape) && shape.length === 4) {
    const last: unknown = shape[3];
    return typeof last === 'number' ? last : null;
  }
  throw new Failure(
    'input',
    'HUB_SIZE',
    t('{0}: found an input that is no image, expected one image', name),
    {
      path: folder,
    },
  );
}
