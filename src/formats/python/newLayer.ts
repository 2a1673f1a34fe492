import { isDeepStrictEqual } from 'node:util';
import { Failure } from '../../core/failure';
import type { Layer, LayerConfig } from '../../core/graph/layerGraph';
import { kindNamed } from '../../core/layers/catalogue';
import { normalizeConfig } from '../../core/layers/config';
import type { LayerKind } from '../../core/layers/kind';
import { isJsonRecord } from '../keras/json';
import { Code, LINE, literal, text, type Literal } from './literal';
import { t } from '../../l10n/translate';

/** Keras's modules of the objects that a configuration holds, by the end of the key that they stand under. */
const MODULES: readonly (readonly [suffix: string, module: string])[] = [
  ['_initializer', 'initializers'],
  ['_regularizer', 'regularizers'],
  ['_constraint', 'constraints'],
];

/** Layers that Keras's applications bring along, and no script can make. */
const OF_APPLICATIONS: ReadonlySet<string> = new Set(['LayerScale', 'StochasticDepth', 'CustomScaleLayer']);

/** `keras.layers.Dense(5, …)` of a layer that a recipe adds: what is Keras's default is left out. */
export function newLayer(layer: Layer, indent = ''): string {
  const kind = kindNamed(layer.kind);
  if (!kind || kind.family === 'operation' || OF_APPLICATIONS.has(kind.name)) {
    throw new Failure(
      'input',
      'PYTHON_LAYER',
      t(
        'layer "{0}" of kind {1} cannot be written as Python: keras.layers has none of that name',
        layer.name,
        layer.kind,
      ),
      { layer: layer.name },
    );
  }
  if (Object.values(layer.config).includes('hard_sigmoid_keras2')) {
    throw new Failure(
      'input',
      'PYTHON_LAYER',
      t(
        'layer "{0}" cannot be written as Python: found the hard_sigmoid of Keras 2, expected that of Keras 3',
        layer.name,
      ),
      { layer: layer.name },
    );
  }
  const fields = Object.keys(layer.config).filter((key) => !isDefault(kind, layer.config, key));
  const args = fields.map((key) => `${key}=${literal(fieldOf(layer.name, key, layer.config[key]))}`);
  return call(`keras.layers.${layer.kind}`, [...args, `name=${text(layer.name)}`], indent);
}

/** A configuration's fields as Python takes them. */
export function configOf(
  { name, config }: Pick<Layer, 'name' | 'config'>,
  keys: readonly string[],
): Readonly<Record<string, Literal>> {
  return Object.fromEntries(keys.map((key) => [key, fieldOf(name, key, config[key])]));
}

/** A call on one line where it fits, else an argument a line. */
export function call(callee: string, args: readonly string[], indent = ''): string {
  const line = `${callee}(${args.join(', ')})`;
  // Room for what a caller puts around it: `x = …(x)`.
  if (indent.length + line.length + 8 <= LINE) return line;
  return `${callee}(\n${args.map((argument) => `${indent}    ${argument},`).join('\n')}\n${indent})`;
}

/** Whether the kind fills the field in with the same value when it is left out. */
function isDefault(kind: LayerKind, config: LayerConfig, key: string): boolean {
  const { [key]: value, ...others } = config;
  try {
    return isDeepStrictEqual(normalizeConfig(kind, others)[key], value);
  } catch (error) {
    // A field that may not be left out.
    if (error instanceof Failure) return false;
    throw error;
  }
}

function fieldOf(layer: string, key: string, value: unknown): Literal {
  const module = MODULES.find(([suffix]) => key.endsWith(suffix))?.[1];
  if (module !== undefined && isJsonRecord(value) && typeof value.kind === 'string') {
    const config = isJsonRecord(value.config) ? value.config : {};
    for (const word of [value.kind, ...Object.keys(config)]) requireIdentifier(layer, key, word);
    const args = Object.entries(config).map(([name, given]) => `${name}=${literal(valueOf(given))}`);
    return new Code(`keras.${module}.${value.kind}(${args.join(', ')})`);
  }
  if (isJsonRecord(value) && typeof value.class_name === 'string') {
    return new Code(`keras.saving.deserialize_keras_object(${literal(valueOf(value))})`);
  }
  return valueOf(value);
}

/** A recipe may name any class: what is no name of Python's must not become code. */
function requireIdentifier(layer: string, key: string, word: string): void {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(word)) return;
  throw new Failure(
    'input',
    'PYTHON_LAYER',
    t(
      'layer "{0}" cannot be written as Python: found {1} in {2}, expected a name of a class or an argument',
      layer,
      JSON.stringify(word),
      key,
    ),
    { layer },
  );
}

function valueOf(value: unknown): Literal {
  if (Array.isArray(value)) return value.map(valueOf);
  if (isJsonRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, valueOf(item)]));
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}
