import { Failure } from '../failure';
import type { LayerGraph } from '../graph/layerGraph';
import { t } from '../../l10n/translate';

/** Keras's own stem for layers of a kind: `GlobalAveragePooling2D` gives `global_average_pooling2d`. */
export function stemOf(kind: string): string {
  // The two steps of `keras.src.utils.naming.to_snake_case`.
  return kind
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** The first free name of Keras's counting: `dense`, `dense_1`, `dense_2`. */
export function freeName(kind: string, taken: ReadonlySet<string>): string {
  return freeVariant(stemOf(kind), taken);
}

/** The name itself where it is free, else the first that is with Keras's counting: `conv1_1`, `conv1_2`. */
export function freeVariant(stem: string, taken: ReadonlySet<string>): string {
  for (let count = 0; ; count++) {
    const name = count === 0 ? stem : `${stem}_${count}`;
    if (!taken.has(name)) return name;
  }
}

export function namesIn(graph: LayerGraph): Set<string> {
  return new Set(graph.layers.map((layer) => layer.name));
}

/** @throws Failure when the name is taken, or is one that Keras cannot have */
export function checkNewName(name: string, taken: ReadonlySet<string>): void {
  if (taken.has(name)) {
    throw new Failure('input', 'NAME_TAKEN', t('a layer is named "{0}" already; names are unique', name), {
      layer: name,
    });
  }
  if (name.trim() !== name || name === '' || name.includes('/')) {
    throw new Failure(
      'input',
      'NAME_INVALID',
      t('"{0}" cannot name a layer: expected a name without "/" and without spaces around it', name),
      { layer: name },
    );
  }
}
