import { z } from 'zod';
import { freezeRuleSchema } from '../freeze/rule';

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

/** How pixels become numbers: a name the field knows, or the formula `(pixel * scale - mean) / std`. */
export const preprocessSchema = z.union([
  z.enum(['none', 'unit', 'tf', 'caffe', 'torch']),
  z.strictObject({
    scale: z.number().default(1),
    mean: z.array(z.number()).default([0]),
    std: z.array(z.number().positive()).default([1]),
    channels: z.enum(['rgb', 'bgr']).default('rgb'),
  }),
]);

export const dataSchema = z.discriminatedUnion('kind', [
  /** A folder a class, its images inside. */
  z.strictObject({
    kind: z.literal('images'),
    train: z.string(),
    /** A folder laid out alike, or the share of `train` kept for validation. */
    validation: z.union([fraction, z.string()]).default(0.2),
    /** Height and width; the model's own where left out. */
    size: z.tuple([z.int().positive(), z.int().positive()]).optional(),
    preprocess: preprocessSchema.default('none'),
  }),
  /** Arrays as NumPy saves them. */
  z.strictObject({
    kind: z.literal('arrays'),
    x: z.string(),
    y: z.string(),
    validation: z.union([fraction, z.strictObject({ x: z.string(), y: z.string() })]).default(0),
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
export type Preprocess = z.infer<typeof preprocessSchema>;
export type Data = z.infer<typeof dataSchema>;
export type Phase = z.infer<typeof phaseSchema>;
export type Plan = z.infer<typeof planSchema>;
/** A plan as people write it, defaults left out. */
export type PlanInput = z.input<typeof planSchema>;
/** An engine that there is; `auto` stands for one of them. */
export type EngineName = Exclude<Plan['engine'], 'auto'>;
