import type { LayerConfig } from '../../core/graph/layerGraph';
import { dataTypeName } from './dataTypes';
import type { FlatNode } from './flatGraph';
import type { Attribute } from './graphDef';

/** Settings of an operation as plain JSON. */
export function plainConfig(node: FlatNode): LayerConfig {
  return Object.fromEntries([...node.attributes].map(([key, attribute]) => [key, plain(attribute)]));
}

function plain({ text, number, flag, type, shape, function: called, list, tensor }: Attribute): unknown {
  if (list) return list.map(plain);
  if (tensor) return { dtype: dataTypeName(tensor.type), shape: tensor.shape };
  return (
    text ?? number ?? flag ?? (type === undefined ? undefined : dataTypeName(type)) ?? shape ?? called ?? null
  );
}
