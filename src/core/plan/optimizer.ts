import * as z from 'zod';
import { t } from '../../l10n/translate';

const rate = z.number().positive();
const fraction = z.number().min(0).lt(1);

/**
 * What every kind of optimizer can do beside its own rule, in Keras's order: gradients are clipped, then weights decay
 * by `weightDecay × learning rate` of themselves, then the rule moves them.
 */
const shared = {
  weightDecay: z.number().min(0).optional(),
  /** The most that the norm of one weight's gradient may be. */
  clipNorm: rate.optional(),
  /** The most that the norm of all gradients together may be. */
  globalClipNorm: rate.optional(),
  /** The most that each number of a gradient may be, and its opposite the least. */
  clipValue: rate.optional(),
};

const moments = {
  beta1: fraction.default(0.9),
  beta2: fraction.default(0.999),
  epsilon: rate.default(1e-7),
  /** Divides by the largest second moment so far. */
  amsgrad: z.boolean().optional(),
};

export const optimizerSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('sgd'),
      learningRate: rate.default(0.01),
      momentum: z.number().min(0).max(1).default(0),
      nesterov: z.boolean().default(false),
      ...shared,
    }),
    z.strictObject({
      kind: z.literal('rmsprop'),
      learningRate: rate.default(0.001),
      rho: fraction.default(0.9),
      momentum: z.number().min(0).max(1).default(0),
      epsilon: rate.default(1e-7),
      /** Divides by the variance of the gradients, not by their second moment. */
      centered: z.boolean().default(false),
      ...shared,
    }),
    z.strictObject({
      kind: z.literal('adam'),
      learningRate: rate.default(0.001),
      ...moments,
      ...shared,
    }),
    z.strictObject({
      kind: z.literal('adamw'),
      learningRate: rate.default(0.001),
      ...moments,
      ...shared,
      weightDecay: z.number().min(0).default(0.004),
    }),
  ])
  .superRefine((optimizer, { addIssue }) => {
    const clips = (['clipNorm', 'globalClipNorm', 'clipValue'] as const).filter(
      (name) => optimizer[name] !== undefined,
    );
    if (clips.length < 2) return;
    addIssue({
      code: 'custom',
      path: [clips[1]],
      message: t('only one of clipNorm, globalClipNorm and clipValue, there is {0} already', clips[0]),
    });
  });

export type Optimizer = z.infer<typeof optimizerSchema>;
