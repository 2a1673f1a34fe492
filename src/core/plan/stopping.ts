import * as z from 'zod';

/** Keras's `EarlyStopping`, with its defaults. A phase is to it what a call of `fit` is in Keras. */
export const earlyStoppingSchema = z.strictObject({
  /** By Keras's history name: `val_loss`, `accuracy`. */
  monitor: z.string().default('val_loss'),
  /** Epochs without an improvement after which a phase ends. */
  patience: z.int().min(0).default(0),
  /** What the monitored number must change by, at least, to be an improvement. */
  minDelta: z.number().min(0).default(0),
  /** Whether less or more is better; `auto` goes by the name. */
  mode: z.enum(['auto', 'min', 'max']).default('auto'),
  /** Whether a phase ends with the weights of its best epoch, also where it came to its last. */
  restoreBest: z.boolean().default(false),
});

export const checkpointSchema = z.strictObject({
  /** Epochs from one checkpoint to the next. */
  every: z.int().positive().default(1),
  /** How many of them stay, the newest; the best and the last stay beside them. */
  keep: z.int().positive().default(3),
});

export type EarlyStopping = z.infer<typeof earlyStoppingSchema>;
export type CheckpointPlan = z.infer<typeof checkpointSchema>;
