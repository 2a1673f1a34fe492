import { Failure, nearest } from '../failure';
import type { LayerConfig } from '../graph/layerGraph';
import { allKinds, kindNamed } from '../layers/catalogue';
import type { LayerKind } from '../layers/kind';
import { explainIssues } from '../schema/explain';

/** @throws Failure that names the nearest kind there is */
export function knownKind(name: string, layer: string): LayerKind {
  const kind = kindNamed(name);
  if (kind) return kind;
  const near = nearest(
    name,
    allKinds().map((known) => known.name),
  );
  throw new Failure(
    'input',
    'KIND_UNKNOWN',
    `"${layer}": no kind of layer is named "${name}"${near === undefined ? '' : `; the nearest is "${near}"`}`,
    { layer },
  );
}

/**
 * A layer's configuration in its kind's normal form, from the fields that a recipe gives, over those there are. A
 * field that the kind does not have is refused: in a file it may be a leftover, in a recipe it is a slip of the hand.
 */
export function normalConfig(
  kind: LayerKind,
  given: LayerConfig,
  layer: string,
  present: LayerConfig = {},
): LayerConfig {
  const result = kind.schema.safeParse({ ...present, ...given });
  const findings = result.success ? [] : explainIssues(result.error.issues, { ...present, ...given });
  if (result.success) {
    const known = Object.keys(result.data);
    for (const key of Object.keys(given)) {
      if (known.includes(key)) continue;
      const near = nearest(key, known);
      findings.push(
        `${kind.name} has no field "${key}"${near === undefined ? '' : `; the nearest is "${near}"`}`,
      );
    }
    if (findings.length === 0) return result.data;
  }
  throw new Failure('input', 'CONFIG_INVALID', `"${layer}": ${findings.join('; ')}`, { layer });
}
