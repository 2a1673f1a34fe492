import type { LayerId } from '../../core/graph/layerGraph';
import type { ModelFile } from '../format';

/**
 * The models nested in a file's model, by the names that its outermost model has them under. Ready to be spread into a
 * `ModelFile`.
 * @param paths of each layer, the names from the file's outermost layer down to it
 */
export function nestedModels(paths: ReadonlyMap<LayerId, readonly string[]>): Pick<ModelFile, 'nested'> {
  const nested = new Set([...paths.values()].flatMap((path) => (path.length > 1 ? path.slice(0, 1) : [])));
  return nested.size === 0 ? {} : { nested: [...nested] };
}
