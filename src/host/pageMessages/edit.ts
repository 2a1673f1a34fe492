import * as z from 'zod';
import { freezeRuleSchema } from '../../core/freeze/rule';
import type { Edit } from '../../core/surgery/edit';
import { operationSchema, type Operation } from '../../core/surgery/recipe';
import { t } from '../../l10n/translate';

const rules = z.array(freezeRuleSchema);
const name = z.string();
/** A place in a list, from zero. */
const at = z.int().min(0);

/** A step as people have rewritten it: what is wrong with it the edit itself says, in words about the step. */
const rewritten = z.custom<Operation>((value) => typeof value === 'object' && value !== null, {
  error: t('an object in { }'),
});

export const editSchema: z.ZodType<Edit> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('operate'), operation: operationSchema }),
    z.strictObject({ type: z.literal('freeze'), rules }),
    z.strictObject({ type: z.literal('setFreezeRules'), rules, label: z.string().optional() }),
    z.strictObject({ type: z.literal('freezeStages'), stages: z.int().min(0) }),
    z.strictObject({ type: z.literal('batchNormalization'), policy: z.enum(['follows', 'trainable']) }),
    z.strictObject({ type: z.literal('together'), edits: z.array(editSchema), label: z.string() }),
    z.strictObject({ type: z.literal('moveOperation'), at, to: at }),
    z.strictObject({ type: z.literal('deleteOperation'), at }),
    z.strictObject({ type: z.literal('disableOperation'), at, disabled: z.boolean() }),
    z.strictObject({ type: z.literal('changeOperation'), at, operation: rewritten }),
    z.strictObject({ type: z.literal('saveFreezeSet'), name }),
    z.strictObject({ type: z.literal('useFreezeSet'), name }),
    z.strictObject({ type: z.literal('renameFreezeSet'), name, to: name }),
    z.strictObject({ type: z.literal('deleteFreezeSet'), name }),
  ]),
);
