import { Failure } from '../../core/failure';
import type { LayerConfig } from '../../core/graph/layerGraph';
import type { NamedModule } from '../weightsOnly';
import { MAX_MODEL_PARTS, MAX_MODULE_DEPTH } from './bounds';
import { ForeignObject, PickleDict, sequence, TensorValue, type PickleValue } from './pickle/values';
import { t } from '../../l10n/translate';

/** A tensor, or what stands in a tensor's place, by its whole name in the model. */
export interface FoundTensor {
  readonly path: string;
  readonly value: TensorValue | ForeignObject;
  readonly buffer: boolean;
}

export interface FoundModel {
  readonly tensors: readonly FoundTensor[];
  readonly modules: readonly NamedModule[];
  /** Classes of the modules, as the file names them. */
  readonly classes: ReadonlySet<string>;
}

/** Where TorchScript keeps the classes that it compiled. */
const SCRIPTED = '__torch__.';

/** Whether an object is a saved `torch.nn.Module`, whatever its class: told by what its `__dict__` holds. */
export function isModule(value: PickleValue | undefined): value is ForeignObject {
  if (!(value instanceof ForeignObject)) return false;
  const state = stateOf(value);
  if (!state) return false;
  if (value.path.startsWith(SCRIPTED)) return true;
  return state.get('_parameters') instanceof PickleDict || state.get('_modules') instanceof PickleDict;
}

/**
 * The tensors of a whole saved model, where they lie in its modules. Nothing of its classes is needed.
 * @throws Failure `PICKLE_CLASS` for a part whose class keeps its tensors in a way of its own
 */
export function extractModel(root: ForeignObject): FoundModel {
  const tensors: FoundTensor[] = [];
  const modules: NamedModule[] = [];
  const classes = new Set<string>();
  let parts = 0;
  const count = () => {
    if (++parts > MAX_MODEL_PARTS) throw tooLarge(t('more than {0} modules and tensors', MAX_MODEL_PARTS));
  };

  const walk = (module: ForeignObject, path: string, depth: number): void => {
    count();
    if (depth > MAX_MODULE_DEPTH) throw tooLarge(t('modules nested more than {0} deep', MAX_MODULE_DEPTH));
    classes.add(module.path);
    const own = partsOf(module);
    const under = (name: string) => (path === '' ? name : `${path}.${name}`);
    for (const { name, value, buffer } of own.tensors) {
      count();
      tensors.push({ path: under(name), value, buffer });
    }
    if (path !== '' && (own.tensors.length > 0 || own.children.length === 0)) {
      modules.push(describeModule(module, path));
    }
    for (const [name, child] of own.children) {
      if (!isModule(child)) throw needsClass(child, under(name));
      walk(child, under(name), depth + 1);
    }
  };
  walk(root, '', 0);
  return { tensors, modules, classes };
}

interface OwnParts {
  readonly tensors: readonly {
    readonly name: string;
    readonly value: FoundTensor['value'];
    readonly buffer: boolean;
  }[];
  readonly children: readonly (readonly [name: string, child: ForeignObject])[];
}

function partsOf(module: ForeignObject): OwnParts {
  const state = stateOf(module);
  if (module.path.startsWith(SCRIPTED)) return scriptedParts(state);
  const tensors = (['_parameters', '_buffers'] as const).flatMap((field) =>
    objectsIn(state?.get(field)).map(([name, value]) => ({ name, value, buffer: field === '_buffers' })),
  );
  const children = objectsIn(state?.get('_modules')).flatMap(([name, child]) =>
    child instanceof ForeignObject ? [[name, child] as const] : [],
  );
  return { tensors, children };
}

/** TorchScript keeps parameters, buffers and modules as plain attributes. */
function scriptedParts(state: PickleDict | undefined): OwnParts {
  const objects = objectsIn(state);
  return {
    tensors: objects.flatMap(([name, value]) =>
      value instanceof TensorValue ? [{ name, value, buffer: !value.requiresGrad }] : [],
    ),
    children: objects.flatMap(([name, value]) =>
      value instanceof ForeignObject && isModule(value) ? [[name, value] as const] : [],
    ),
  };
}

function objectsIn(
  value: PickleValue | undefined,
): readonly (readonly [name: string, value: FoundTensor['value']])[] {
  if (!(value instanceof PickleDict)) return [];
  return [...value.texts()].flatMap(([name, item]) =>
    item instanceof TensorValue || item instanceof ForeignObject ? [[name, item] as const] : [],
  );
}

function describeModule(module: ForeignObject, path: string): NamedModule {
  const kind = module.path.slice(module.path.lastIndexOf('.') + 1);
  return {
    path,
    kind,
    config: plainConfig(stateOf(module)),
    opaque: t(
      "the file has the weights of PyTorch's {0}, and the program that connects it is not in it",
      kind,
    ),
  };
}

/** Of a module's attributes, those that are plain values: `kernel_size`, `stride`, `eps`. */
function plainConfig(state: PickleDict | undefined): LayerConfig {
  const config = new Map<string, unknown>();
  for (const [name, value] of state?.texts() ?? []) {
    if (name.startsWith('_') || name === 'training') continue;
    const items = sequence(value);
    if (isPlain(value)) config.set(name, value);
    else if (items && items.length <= MAX_MODULE_DEPTH && items.every(isPlain)) config.set(name, [...items]);
  }
  return Object.fromEntries(config);
}

function isPlain(value: PickleValue): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** An object's `__dict__`; one with slots has a pair of them. */
function stateOf({ state }: ForeignObject): PickleDict | undefined {
  const first = sequence(state)?.[0] ?? state;
  return first instanceof PickleDict ? first : undefined;
}

function needsClass(child: ForeignObject, path: string): Failure {
  return new Failure(
    'input',
    'PICKLE_CLASS',
    t(
      'the module "{0}" needs the class {1}: found no parameters in its object, expected those of a torch.nn.Module; in PyTorch, save model.state_dict()',
      path,
      child.path,
    ),
    { layer: path },
  );
}

function tooLarge(found: string): Failure {
  return new Failure('input', 'PICKLE_LIMIT', t('the model: found {0}, expected fewer', found));
}
