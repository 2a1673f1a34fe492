import { z } from 'zod';

const fraction = z.number().min(0).lt(1);

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

export type Preprocess = z.infer<typeof preprocessSchema>;
export type Data = z.infer<typeof dataSchema>;
