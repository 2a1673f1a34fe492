import { z } from 'zod';
import { freezeRuleSchema } from '../freeze/rule';
import { dataSchema } from './data';

export type { Data, Preprocess } from './data';

const rate = z.number().positive();
const fraction = z.number().min(0).lt(1);

export const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    learningRate: rate.default(0.01),
    momentum: z.number().min(0).max(1).default(0),
    nesterov: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('adam'),
    learningRate: rate.default(0.001),
    beta1: fraction.default(0.9),
    beta2: fraction.default(0.999),
    epsilon: z.number().positive().default(1e-7),
  }),
]);

export const phaseSchema = z.strictObject({
  epochs: z.int().positive(),
  optimizer: optimizerSchema,
  /** Replaces the recipe's freeze rules for this phase. */
  freeze: z.array(freezeRuleSchema).optional(),
  /** `inference`: trainable BatchNormalization too keeps its moving statistics and uses them. */
  batchNorm: z.enum(['train', 'inference']).default('train'),
});

/** Version 2 adds what freeze rules have gained with version 2 of recipes. */
export const planSchema = z.strictObject({
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
  loss: z.enum(['sparseCategoricalCrossentropy']).default('sparseCategoricalCrossentropy'),
  metrics: z.array(z.enum(['accuracy', 'top5'])).default(['accuracy']),
  engine: z.enum(['auto', 'tensorflow', 'wasm', 'cpu']).default('auto'),
  out: z.string().default('runs'),
});

export type Optimizer = z.infer<typeof optimizerSchema>;
export type Phase = z.infer<typeof phaseSchema>;
export type Plan = z.infer<typeof planSchema>;
/** A plan as people write it, defaults left out. */
export type PlanInput = z.input<typeof planSchema>;
/** An engine that there is; `auto` stands for one of them. */
export type EngineName = Exclude<Plan['engine'], 'auto'>;
