import * as z from 'zod';
import { t } from '../../l10n/translate';

/** Characters of a regular expression in a recipe: so many that it can be shown and compiled. */
export const MAX_REGEX = 1000;

/** Which layers a freeze rule speaks of: exactly one of these. */
export const matchSchema = z.union(
  [
    z.strictObject({ names: z.array(z.string()).min(1) }),
    /** Searched in the name, as TensorFlow's variable scope does. */
    z.strictObject({ regex: z.string().max(MAX_REGEX) }),
    z.strictObject({ kind: z.string() }),
    z.strictObject({ group: z.string() }),
    /** The first n stages. */
    z.strictObject({ stages: z.int().min(0) }),
    /** The layer and everything it depends on. */
    z.strictObject({ upTo: z.string() }),
    /** The layer and everything that depends on it. */
    z.strictObject({ from: z.string() }),
    z.strictObject({ all: z.literal(true) }),
  ],
  { error: t('exactly one of names, regex, kind, group, stages, upTo, from, all') },
);

/**
 * Rules apply in order and the last match wins; a rule freezes unless it says `trainable: true`, and one that does may
 * slow its layers down: 0.1 makes each of their updates a tenth of what the optimizer would make it.
 */
export const freezeRuleSchema = z
  .strictObject({
    match: matchSchema,
    trainable: z.boolean().optional(),
    learningRateMultiplier: z.number().positive().optional(),
  })
  .refine(({ trainable, learningRateMultiplier }) => trainable || learningRateMultiplier === undefined, {
    path: ['learningRateMultiplier'],
    error: t('a rule with "trainable": true: a frozen layer has no learning rate'),
  });

export type Match = z.infer<typeof matchSchema>;
export type FreezeRule = z.infer<typeof freezeRuleSchema>;
