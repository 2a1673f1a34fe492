import { isJsonRecord, type JsonRecord } from '../keras/json';
import { isOperation } from '../keras/operations';

/** Where `model.weights.h5` keeps a layer's weights, and what the layer was built for. */
export interface VariablePlace {
  /** Its group: `layers/dense_1`, `layers/functional/layers/conv2d`. */
  readonly group: string;
  /** The shapes of its inputs as the file says them, for a layer whose inputs nobody can compute. */
  readonly inputs?: readonly (readonly (number | null)[])[];
}

/** Key of a layer in `variablePlaces`. */
export const placeKey = (path: readonly string[]): string => path.join('\u001f');

/**
 * The place of each layer's weights, by the names from the outermost layer down to it. Keras goes by class names, not by
 * layer names, and counts equal ones in the order of the model's layers; operations (`keras.ops`) do not count, nor does
 * the input layer that a Sequential begins with. Source: `_save_container_state` in keras/src/saving/saving_lib.py.
 */
export function variablePlaces(model: unknown): ReadonlyMap<string, VariablePlace> {
  const places = new Map<string, VariablePlace>();
  walk(model, [], '', places);
  return places;
}

function walk(
  model: unknown,
  path: readonly string[],
  prefix: string,
  places: Map<string, VariablePlace>,
): void {
  const config = isJsonRecord(model) && isJsonRecord(model.config) ? model.config : {};
  const listed = (Array.isArray(config.layers) ? (config.layers as unknown[]) : []).filter(isJsonRecord);
  const first = listed[0];
  const sequential = !('input_layers' in config);
  const counted = sequential && first?.class_name === 'InputLayer' ? listed.slice(1) : listed;
  const nextName = classCounter();
  for (const layer of counted) {
    if (isOperation(layer)) continue;
    const group = `${prefix}layers/${nextName(String(layer.class_name))}`;
    const inner = isJsonRecord(layer.config) ? layer.config : {};
    const here = [...path, String(layer.name ?? inner.name)];
    const inputs = builtFor(layer);
    places.set(placeKey(here), { group, ...(inputs && { inputs }) });
    if (Array.isArray(inner.layers)) walk(layer, here, `${group}/`, places);
  }
}

/** Classes that Keras exports under another name than their own; groups go by the latter. */
const OWN_NAMES: ReadonlyMap<string, string> = new Map([['GroupQueryAttention', 'GroupedQueryAttention']]);

/** Names for the groups of a list of layers: `dense`, `conv2d`, `dense_1`. */
export function classCounter(): (className: string) => string {
  const counts = new Map<string, number>();
  return (className) => {
    const name = snakeCase(OWN_NAMES.get(className) ?? className);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  };
}

/** `to_snake_case` in keras/src/utils/naming.py. */
function snakeCase(className: string): string {
  return className
    .replace(/[^\p{L}\p{N}_]+/gu, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

function builtFor(layer: JsonRecord): VariablePlace['inputs'] {
  const shape = isJsonRecord(layer.build_config) ? layer.build_config.input_shape : undefined;
  if (isShape(shape)) return [shape];
  return Array.isArray(shape) && shape.every(isShape) ? shape : undefined;
}

function isShape(value: unknown): value is readonly (number | null)[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((size) => size === null || (typeof size === 'number' && Number.isInteger(size) && size >= 0))
  );
}
