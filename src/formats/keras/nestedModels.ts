import type { ModelFile } from '../format';
import type { KerasGraph } from './readGraph';

/**
 * What of a file's model a flat layer graph does not show: the models nested in it, by the names that its outermost model
 * has them under; the layers that are named otherwise there; and those that are no layers there. Ready to be spread into a
 * `ModelFile`.
 */
export function nestedModels({
  graph,
  paths,
  operations,
}: KerasGraph): Pick<ModelFile, 'nested' | 'renamed' | 'operations'> {
  const nested = new Set([...paths.values()].flatMap((path) => (path.length > 1 ? path.slice(0, 1) : [])));
  const renamed = new Map(
    graph.layers.flatMap(({ id, name }) => {
      const path = paths.get(id);
      return path && path.at(-1) !== name ? [[path.join('/'), name] as const] : [];
    }),
  );
  return {
    ...(nested.size > 0 && { nested: [...nested] }),
    ...(renamed.size > 0 && { renamed }),
    ...(operations && operations.size > 0 && { operations }),
  };
}
