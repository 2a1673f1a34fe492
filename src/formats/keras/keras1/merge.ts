import { t } from '../../../l10n/translate';
import type { JsonRecord } from '../json';
import { OPAQUE_REASON, type WithReason } from '../opaqueReason';

/** The layers in the place of one `Merge`, the first of which takes its inputs and the last of which has its name. */
export type MergeLayers = readonly (JsonRecord &
  WithReason & { readonly class_name: string; readonly config: JsonRecord })[];

const MODES: Readonly<Record<string, string>> = {
  sum: 'Add',
  mul: 'Multiply',
  ave: 'Average',
  max: 'Maximum',
};

/**
 * What computes the same as a `Merge` of Keras 1, by its mode. The cosine is the product of unit vectors, with an axis
 * more than today's `Dot` gives it.
 */
export function mergeLayers(name: string, config: JsonRecord): MergeLayers {
  const { mode, mode_type: type = 'raw', concat_axis: axis = -1, dot_axes: axes = -1, trainable } = config;
  const base = { name, ...(trainable !== undefined && { trainable }) };
  if (type !== 'raw' || typeof mode !== 'string') {
    return opaque(base, config, t('its mode is code of Python, which is never run'));
  }
  if (Object.hasOwn(MODES, mode)) return [{ class_name: MODES[mode]!, config: base }];
  switch (mode) {
    case 'concat':
      return [{ class_name: 'Concatenate', config: { ...base, axis } }];
    case 'dot':
      return [{ class_name: 'Dot', config: { ...base, axes } }];
    case 'cos':
      return [
        { class_name: 'Dot', config: { name: `${name}_cosine`, axes, normalize: true } },
        { class_name: 'Reshape', config: { ...base, target_shape: [1, 1] } },
      ];
    default:
      return opaque(base, config, t('its mode {0} is not known', JSON.stringify(mode)));
  }
}

function opaque(base: JsonRecord, config: JsonRecord, reason: string): MergeLayers {
  return [{ class_name: 'Merge', config: { ...config, layers: null, ...base }, [OPAQUE_REASON]: reason }];
}
