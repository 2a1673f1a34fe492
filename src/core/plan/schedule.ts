import * as z from 'zod';

const factor = z.number().positive().lt(1);

/** Rises in equal steps from a share of the learning rate to all of it; what the schedule does begins after it. */
const warmup = z
  .union([
    z.strictObject({ epochs: z.number().positive(), from: z.number().min(0).lt(1).default(0) }),
    z.strictObject({ steps: z.int().positive(), from: z.number().min(0).lt(1).default(0) }),
  ])
  .optional();

/** How a phase's learning rate changes, `optimizer.learningRate` being the highest it gets. */
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), warmup }),
  /** Times `factor` after every so many epochs. */
  z.strictObject({
    kind: z.literal('step'),
    epochs: z.int().positive(),
    factor: factor.default(0.1),
    warmup,
  }),
  /** Half a cosine from the whole rate to `alpha` of it at the phase's end (Keras's CosineDecay). */
  z.strictObject({ kind: z.literal('cosine'), alpha: z.number().min(0).max(1).default(0), warmup }),
  /** Times `rate` over every so many epochs, smoothly or in stairs (Keras's ExponentialDecay). */
  z.strictObject({
    kind: z.literal('exponential'),
    rate: factor.default(0.9),
    epochs: z.number().positive().default(1),
    staircase: z.boolean().default(false),
    warmup,
  }),
  /** Up to the whole rate and down to next to nothing, by cosines (PyTorch's OneCycleLR; the momentum stays). */
  z.strictObject({
    kind: z.literal('oneCycle'),
    /** The share of the phase that it rises in. */
    rise: z.number().positive().lt(1).default(0.3),
    /** Begins at the rate divided by this. */
    divideFirst: z.number().positive().default(25),
    /** Ends at the first rate divided by this. */
    divideLast: z.number().positive().default(1e4),
  }),
  /** Times `factor` where a metric has not got better for `patience` epochs (Keras's ReduceLROnPlateau). */
  z.strictObject({
    kind: z.literal('reduceOnPlateau'),
    monitor: z.string().default('val_loss'),
    mode: z.enum(['auto', 'min', 'max']).default('auto'),
    factor: factor.default(0.1),
    patience: z.int().positive().default(10),
    minDelta: z.number().min(0).default(1e-4),
    /** Epochs to wait after a reduction. */
    cooldown: z.int().min(0).default(0),
    minRate: z.number().min(0).default(0),
    warmup,
  }),
]);

export type Schedule = z.infer<typeof scheduleSchema>;
