import * as z from 'zod';
import { freezeRuleSchema } from '../freeze/rule';
import { dataSchema } from './trainingData';
import { newerWords } from './newerWords';
import { checkObjective, classWeightsSchema, lossSchema, metricSchema } from './objective';
import { optimizerSchema } from './optimizer';
import { scheduleSchema } from './schedule';
import { checkpointSchema, earlyStoppingSchema } from './stopping';

export type { Data, Preprocess } from './trainingData';
export type { ClassWeights, Loss, Metric } from './objective';
export type { Optimizer } from './optimizer';
export type { Schedule } from './schedule';

/**
 * What frozen layers make of the samples is worked out once and kept, in memory and then on the disk. Megabytes of both;
 * what is on the disk is of all runs together.
 */
const cacheFeaturesSchema = z.union([
  z.enum(['auto', 'off']),
  z.strictObject({ memoryMB: z.number().min(0).default(1024), diskMB: z.number().min(0).default(4096) }),
]);

export const phaseSchema = z.strictObject({
  epochs: z.int().positive(),
  optimizer: optimizerSchema,
  /** How the learning rate changes; it stays as it is where left out. */
  schedule: scheduleSchema.optional(),
  /** Replaces the recipe's freeze rules for this phase. */
  freeze: z.array(freezeRuleSchema).optional(),
  /** `inference`: trainable BatchNormalization too keeps its moving statistics and uses them. */
  batchNorm: z.enum(['train', 'inference']).default('train'),
});

const fields = z.strictObject({
  version: z.literal([1, 2]),
  /** Names the run; the model's file name where left out. */
  name: z.string().optional(),
  model: z.string(),
  recipe: z.string().optional(),
  data: dataSchema,
  phases: z.array(phaseSchema).min(1),
  batchSize: z.int().positive().default(32),
  shuffle: z.boolean().default(true),
  seed: z.int().min(0).default(42),
  loss: lossSchema.default('sparseCategoricalCrossentropy'),
  /** The model puts out logits: it has no softmax or sigmoid at its end, and is trained and looked at as if it had. */
  fromLogits: z.boolean().optional(),
  /** How much of each label is spread over all classes, as Keras does. */
  labelSmoothing: z.number().min(0).lt(1).optional(),
  classWeights: classWeightsSchema.optional(),
  /** `accuracy`; `mae` where the loss compares numbers. */
  metrics: z.array(metricSchema).default(['accuracy']),
  earlyStopping: earlyStoppingSchema.optional(),
  /** Without it the newest checkpoint is kept, from time to time, until the run is done. */
  checkpoint: checkpointSchema.optional(),
  /** Whether the run writes event files for TensorBoard; it does not where left out. */
  tensorboard: z.boolean().optional(),
  cacheFeatures: cacheFeaturesSchema.default('auto'),
  engine: z.enum(['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu']).default('auto'),
  out: z.string().default('runs'),
});

/** Version 2 adds what freeze rules have gained with version 2 of recipes, and what `newerWords` lists. */
export const planSchema = fields.superRefine((plan, { addIssue }) => {
  for (const { path, expected } of [...newerWords(plan), ...checkObjective(plan)]) {
    addIssue({ code: 'custom', path: [...path], message: expected });
  }
});

export type Phase = z.infer<typeof phaseSchema>;
export type Plan = z.infer<typeof fields>;
/** A plan as people write it, defaults left out. */
export type PlanInput = z.input<typeof planSchema>;
/** An engine that there is; `auto` stands for one of them. */
export type EngineName = Exclude<Plan['engine'], 'auto'>;
