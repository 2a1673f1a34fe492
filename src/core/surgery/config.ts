import { Failure, nearest } from '../failure';
import type { LayerConfig } from '../graph/layerGraph';
import { allKinds, kindNamed } from '../layers/catalogue';
import { normalizeConfig } from '../layers/config';
import type { LayerKind } from '../layers/kind';
import { t } from '../../l10n/translate';

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
    t(
      '"{0}": no kind of layer is named "{1}"{2}',
      layer,
      name,
      near === undefined ? '' : t('; the nearest is "{0}"', near),
    ),
    { layer },
  );
}

/**
 * A layer's configuration in its kind's normal form, from the fields that a recipe gives, over those there are. A
 * field that the kind does not compute with is refused: in a file it may be a leftover, in a recipe it is a slip of
 * the hand.
 */
export function configOf(
  kind: LayerKind,
  given: LayerConfig,
  layer: string,
  present: LayerConfig = {},
): LayerConfig {
  const config = normalizeConfig(kind, { ...present, ...given }, layer);
  const unused = Object.keys(given).find((key) => given[key] !== null && !(key in config));
  if (unused === undefined) return config;
  const near = nearest(unused, Object.keys(config));
  throw new Failure(
    'input',
    'CONFIG_INVALID',
    near === undefined
      ? t(
          'layer "{0}" ({1}): found the field "{2}", expected one of {3}',
          layer,
          kind.name,
          unused,
          Object.keys(config).join(', ') || t('none'),
        )
      : t('layer "{0}" ({1}): found the field "{2}", the nearest is "{3}"', layer, kind.name, unused, near),
    { layer },
  );
}
