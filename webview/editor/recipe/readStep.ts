import type { Operation } from '../../../src/core/surgery/recipe';
import { t } from '../../../src/l10n/translate';

/** A step as typed, or what is no JSON about it; whether it is a step at all, the host says: it has the schema. */
export function readStep(text: string): { readonly operation: Operation } | { readonly problem: string } {
  try {
    return { operation: JSON.parse(text) as Operation };
  } catch (error) {
    return { problem: t('not JSON: {0}', error instanceof Error ? error.message : String(error)) };
  }
}
