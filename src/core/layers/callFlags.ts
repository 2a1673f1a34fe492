import { field, flag, nullable } from './fields';
import { t } from '../../l10n/translate';

/**
 * What Keras says at the call and not in the configuration of an attention layer. A layer graph keeps it in the
 * configuration, since every call of a layer that says it differently would be another layer.
 */
export const callFlags = {
  /** No position attends to a later one. */
  use_causal_mask: flag().default(false),
  /** The weights of the attention are a second output. */
  return_attention_scores: flag().default(false),
};

export type AttentionInput = 'query' | 'value' | 'key' | 'attention_mask';
const INPUTS: readonly AttentionInput[] = ['query', 'value', 'key', 'attention_mask'];

/** Which tensor is which, in the order of the call's inputs; query, value, key where nothing is said. */
export const callInputs = () =>
  nullable(
    field<readonly AttentionInput[]>(
      t('query, value, and maybe key and attention_mask, each once'),
      (raw) => {
        if (!Array.isArray(raw) || new Set(raw).size !== raw.length) return undefined;
        const names = raw.map((name) => INPUTS.find((known) => known === name));
        const known = names.filter((name) => name !== undefined);
        const complete = known.length === names.length && known.includes('query') && known.includes('value');
        return complete ? known : undefined;
      },
    ),
  );

/** The keys that are arguments of the call to Keras. */
export const CALL_KEYS: ReadonlySet<string> = new Set([...Object.keys(callFlags), 'call_inputs']);

/** The tensors of a call by what they are; the key is the value where it is left out. */
export function byRole<T>(
  roles: readonly AttentionInput[] | null,
  inputs: readonly T[],
): { readonly query: T; readonly value: T; readonly key: T; readonly mask: T | undefined } {
  const find = (role: AttentionInput): T | undefined => inputs[(roles ?? INPUTS).indexOf(role)];
  const [query, value] = [find('query') as T, find('value') as T];
  return { query, value, key: find('key') ?? value, mask: find('attention_mask') };
}
