import { t } from '../../l10n/translate';
const CONTROL_FLOW = /^(Stateless)?(If|While|Case)$|^(Ref)?(Switch|Merge|Enter|Exit|NextIteration|LoopCond)$/;

/** What no tensors of numbers are given to, by what it works with. */
const NO_NUMBERS: readonly (readonly [RegExp, string])[] = [
  [
    /(^|[a-z])String|Regex|^(Encode|Decode|Substr|AsString|ReduceJoin|ParseExample)/,
    t('it works with texts or files'),
  ],
  [/(Hash|Lookup)Table/, t('it looks things up in a table, which is filled when the model is loaded')],
  [/^(Random|Stateless(Random|Truncated)|Multinomial|Truncated)/, t('it gives other numbers each time')],
];

/** Why no layer kind computes an operation. */
export function whyOpaque(op: string): string {
  if (CONTROL_FLOW.test(op)) return t('it decides or repeats, which no layer does');
  return NO_NUMBERS.find(([ops]) => ops.test(op))?.[1] ?? t('no layer kind computes it');
}
