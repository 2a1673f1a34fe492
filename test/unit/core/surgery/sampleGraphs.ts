import { Failure } from '../../../../src/core/failure';
import { inferShapes } from '../../../../src/core/graph/infer';
import type { LayerGraph } from '../../../../src/core/graph/layerGraph';
import { layersById } from '../../../../src/core/graph/lookup';
import type { Donors } from '../../../../src/core/surgery/donors';
import { operate } from '../../../../src/core/surgery/operate';
import type { Operation } from '../../../../src/core/surgery/recipe';
import { chain, GraphBuilder } from '../../support/graphs';

/** conv → relu → pool → flatten → dense, as the small convolutional nets of tutorials are. */
export const smallNet = (): LayerGraph =>
  chain(
    [null, 8, 8, 1],
    { kind: 'Conv2D', name: 'conv', config: { filters: 4, kernel_size: 3, padding: 'same' } },
    { kind: 'BatchNormalization', name: 'bn' },
    { kind: 'ReLU', name: 'relu' },
    { kind: 'MaxPooling2D', name: 'pool' },
    { kind: 'Flatten', name: 'flatten' },
    { kind: 'Dense', name: 'dense', config: { units: 10, activation: 'softmax' } },
  );

/** A residual block: `add` merges `stem` and `stem → conv → bn`. */
export function residualNet(): LayerGraph {
  const build = new GraphBuilder();
  const same = { filters: 4, kernel_size: 3, padding: 'same' };
  const stem = build.add(
    { kind: 'Conv2D', name: 'stem', config: same },
    build.input([null, 8, 8, 3], 'image'),
  );
  const conv = build.add({ kind: 'Conv2D', name: 'conv', config: same }, stem);
  const bn = build.add({ kind: 'BatchNormalization', name: 'bn' }, conv);
  const add = build.add({ kind: 'Add', name: 'add' }, stem, bn);
  const out = build.add({ kind: 'ReLU', name: 'out_relu' }, add);
  const gap = build.add({ kind: 'GlobalAveragePooling2D', name: 'gap' }, out);
  return build.outputs(build.add({ kind: 'Dense', name: 'predictions', config: { units: 7 } }, gap));
}

/** One encoder used on two inputs, whose results are subtracted. */
export function siameseNet(): LayerGraph {
  const build = new GraphBuilder();
  const [left, right] = [build.input([null, 4], 'left'), build.input([null, 4], 'right')];
  const first = build.add({ kind: 'Dense', name: 'encoder', config: { units: 3 } }, left);
  const second = build.call(first, right);
  const apart = build.add({ kind: 'Subtract', name: 'apart' }, first, second);
  return build.outputs(build.add({ kind: 'Dense', name: 'score', config: { units: 1 } }, apart));
}

export function operateOn(graph: LayerGraph, operation: Operation, donors?: Donors) {
  return operate({ graph, inference: inferShapes(graph) }, operation, donors);
}

export const namesOf = (graph: LayerGraph) => graph.layers.map((layer) => layer.name);

export const nameOf = (graph: LayerGraph, id: string) => layersById(graph).get(id)?.name ?? `? ${id}`;

/** `name ← what it reads`, over all calls. */
export const wiring = (graph: LayerGraph) =>
  Object.fromEntries(
    graph.layers.map((layer) => [
      layer.name,
      layer.calls
        .map((call) =>
          call.inputs
            .map((tensor) => `${nameOf(graph, tensor.layer)}${tensor.call ? `@${tensor.call}` : ''}`)
            .join('+'),
        )
        .join(' | '),
    ]),
  );

export const outputNames = (graph: LayerGraph) => graph.outputs.map((tensor) => nameOf(graph, tensor.layer));

/** The layers of `after` that are the same objects as in `before`. */
export function untouched(before: LayerGraph, after: LayerGraph): string[] {
  const known = new Set(before.layers);
  return after.layers.filter((layer) => known.has(layer)).map((layer) => layer.name);
}

/** The failure's code and message; fails the test where nothing is thrown. */
export function failureOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('expected a Failure, nothing was thrown');
}
