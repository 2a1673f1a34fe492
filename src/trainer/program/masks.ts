import { maskResult } from '../../core/layers/maskFlow';
import { maskingOf } from '../layers/masking';
import { cannotTrain, type ProgramCall } from './program';
import { t } from '../../l10n/translate';

/**
 * The calls with the masks that each heeds and makes. A mask goes with the tensor it is of, so where masks are is known
 * before any data is.
 *
 * @param calls in the order they run in
 * @throws Failure of kind `input` (`LAYER_CANNOT_TRAIN`) where a mask would change what a layer computes, and cannot here
 */
export function spreadMasks(calls: readonly ProgramCall[]): readonly ProgramCall[] {
  const maskOf = new Map<string, string>();
  return calls.map((call) => {
    const { layer, config, inputs, outputs } = call;
    const rule = maskingOf(layer.kind);
    const found = inputs.map((key) => maskOf.get(key));
    const masked = found.map((key) => key !== undefined);
    const isMasked = masked.includes(true);
    const result = maskResult(layer.kind, config, masked);
    if (!isMasked && result === undefined) return call;

    const heeds = rule?.heeds === 'always' || (rule?.heeds === 'alone' && inputs.length === 1);
    const refusal = isMasked ? rule?.refuses?.(config) : undefined;
    if (refusal !== undefined) throw cannotTrain(layer, t('has {0}', refusal));
    const [first] = outputs;
    const made = result === 'made' && rule?.make ? { key: `mask\u0000${first}`, make: rule.make } : undefined;
    const handedOn = typeof result === 'number' ? found[result] : made?.key;
    if (handedOn !== undefined) maskOf.set(first, handedOn);
    return {
      ...call,
      masks: heeds || made ? found : [],
      ...(made && { mask: made }),
      ...(isMasked && rule?.forward && { entry: { ...call.entry, forward: rule.forward } }),
    };
  });
}
