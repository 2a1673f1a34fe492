import { inferShapes, shapeOf } from '../../../core/graph/infer';
import type { Layer, Shape } from '../../../core/graph/layerGraph';
import { showShape } from '../../../core/layers/kind';
import { t } from '../../../l10n/translate';
import { MAX_NESTING } from '../bounds';
import { isJsonRecord } from '../json';
import type { KerasGraph } from '../readGraph';

/**
 * Holds each `Deconvolution2D` to the size that the file says it gives: Keras 1 asked people for it, where strides leave
 * several to choose from. Today's layer computes its own; one of another size is opaque.
 * @param json the configuration as Keras 1 wrote it
 */
export function checkOutputShapes(json: unknown, read: KerasGraph): KerasGraph {
  const said = new Map(statedShapes(json));
  if (said.size === 0) return read;
  const inference = inferShapes(read.graph);
  const report = [...read.report];
  const layers = read.graph.layers.map((layer): Layer => {
    const name = read.paths.get(layer.id)?.at(-1) ?? layer.name;
    const stated = layer.kind === 'Conv2DTranspose' ? said.get(name) : undefined;
    const computed = stated && shapeOf(inference, { layer: layer.id, call: 0, output: 0 });
    if (!stated || !computed || layer.opaque !== undefined || agree(computed, stated)) return layer;
    const opaque = t(
      'its output_shape is {0}, its kernel and strides give {1}',
      showShape(stated),
      showShape(computed),
    );
    const message = t('{0}; it can be shown and cut away, not trained', opaque);
    report.push({ severity: 'warning', code: 'LAYER_CONFIG_REFUSED', layer: layer.name, message });
    return { ...layer, opaque };
  });
  return { ...read, graph: { ...read.graph, layers }, report };
}

/** Of samples alone: files have the size of a batch in some. */
function agree(computed: Shape, stated: Shape): boolean {
  const same = (size: number | null, at: number) =>
    at === 0 || size === null || stated[at] === null || size === stated[at];
  return computed.length === stated.length && computed.every(same);
}

function statedShapes(json: unknown, depth = 0): readonly (readonly [string, Shape])[] {
  if (typeof json !== 'object' || json === null || depth > 4 * MAX_NESTING) return [];
  const inner = Object.values(json).flatMap((value) => statedShapes(value, depth + 1));
  if (!isJsonRecord(json) || json.class_name !== 'Deconvolution2D' || !isJsonRecord(json.config))
    return inner;
  const { name, output_shape: shape } = json.config;
  return typeof name === 'string' && isShape(shape) ? [...inner, [name, shape]] : inner;
}

function isShape(value: unknown): value is Shape {
  return Array.isArray(value) && value.every((size) => size === null || Number.isSafeInteger(size));
}
