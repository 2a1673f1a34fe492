import type { FlatNode } from './flatGraph';

/** What a layer is called, and the scopes that it is in. */
export interface LayerName {
  readonly name: string;
  readonly group: readonly string[];
}

/**
 * Short names out of those of operations, `net/block/conv/Conv2D`: the scope's (`conv`) where the layer is all of it that
 * is shown, else the operation's led by it (`conv_Conv2D`), and by more scopes until no other is named so. Keras allows no
 * slash in a name.
 */
export function nameLayers(nodes: readonly FlatNode[]): ReadonlyMap<FlatNode, LayerName> {
  const paths = new Map(nodes.map((node) => [node, pathOf(node)]));
  const inScope = new Map<string, number>();
  for (const path of paths.values()) {
    const scope = path.slice(0, -1).join('/');
    inScope.set(scope, (inScope.get(scope) ?? 0) + 1);
  }
  const shown = new Map(
    [...paths].map(([node, path]) => {
      const alone = path.length > 1 && inScope.get(path.slice(0, -1).join('/')) === 1;
      return [node, { path: alone ? path.slice(0, -1) : path, least: alone || path.length === 1 ? 1 : 2 }];
    }),
  );
  const taken = new Set<string>();
  const names = new Map<FlatNode, LayerName>();
  let left = nodes;
  for (let extra = 0; left.length > 0 && extra <= MAX_SCOPES; extra++) {
    const candidates = left.map((node) => {
      const { path, least } = shown.get(node)!;
      return path.slice(-(least + extra)).join('_');
    });
    const counts = new Map<string, number>();
    for (const name of candidates) counts.set(name, (counts.get(name) ?? 0) + 1);
    left = left.filter((node, index) => {
      const name = candidates[index]!;
      if (taken.has(name) || counts.get(name)! > 1) return true;
      taken.add(name);
      names.set(node, { name, group: shown.get(node)!.path.slice(0, -1) });
      return false;
    });
  }
  const numbers = new Map<string, number>();
  for (const node of left) {
    const whole = paths.get(node)!.slice(-MAX_SCOPES).join('_');
    let name = whole;
    for (let next = numbers.get(whole) ?? 0; taken.has(name); next++) {
      name = `${whole}_${next + 1}`;
      numbers.set(whole, next + 1);
    }
    taken.add(name);
    names.set(node, { name, group: shown.get(node)!.path.slice(0, -1) });
  }
  return names;
}

/** Scopes that a name is led by before numbers tell layers apart. */
const MAX_SCOPES = 16;

/** Scopes of calls only tell bodies apart that are used several times; the names inside say enough. */
const pathOf = ({ name }: FlatNode): readonly string[] => name.split('/').filter((part) => part !== '');
