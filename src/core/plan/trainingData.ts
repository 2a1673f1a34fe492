import * as z from 'zod';

const fraction = z.number().min(0).lt(1);

/** How pixels become numbers: a name the field knows, or the formula `(pixel * scale - mean) / std`. */
const preprocessSchema = z.union([
  z.enum(['none', 'unit', 'tf', 'caffe', 'torch']),
  z.strictObject({
    scale: z.number().default(1),
    mean: z.array(z.number()).default([0]),
    std: z.array(z.number().positive()).default([1]),
    channels: z.enum(['rgb', 'bgr']).default('rgb'),
  }),
]);

/**
 * Random changes of training images, drawn anew for each image of each epoch. All but `flip` say how far a change goes
 * either way, uniformly; a word that is left out changes nothing. Beyond its edges an image is mirrored.
 */
export const augmentSchema = z.strictObject({
  /** Turned over with a chance of a half, for each direction that is named. */
  flip: z.enum(['horizontal', 'vertical', 'both']).optional(),
  /** Share of a full turn: 0.1 is 36 degrees. */
  rotate: z.number().min(0).max(1).default(0),
  /** Larger or smaller by this share. */
  zoom: fraction.default(0),
  /** Share of the width and of the height. */
  shift: z.number().min(0).max(1).default(0),
  /** Share of the range from black to white. */
  brightness: z.number().min(0).max(1).default(0),
  /** Share of the distance from the mean. */
  contrast: z.number().min(0).max(1).default(0),
  /** Share of each side that may be cut away; what is left is stretched to the full size. */
  crop: fraction.default(0),
  /**
   * So many augmented copies of each image, the same for the whole run, which epochs show in turn: what frozen layers
   * make of them can be kept.
   */
  copies: z.int().min(1).max(100).optional(),
});

/** Height and width; the model's own where left out. */
const size = z.tuple([z.int().positive(), z.int().positive()]).optional();

/** What all images have, wherever they come from. */
const images = { size, preprocess: preprocessSchema.default('none'), augment: augmentSchema.optional() };

const column = z.union([z.int().min(0), z.string().min(1)]);

export const dataSchema = z.discriminatedUnion('kind', [
  /** A folder a class, its images inside. */
  z.strictObject({
    kind: z.literal('images'),
    train: z.string(),
    /** A folder laid out alike, or the share of `train` kept for validation. */
    validation: z.union([fraction, z.string()]).default(0.2),
    ...images,
  }),
  /** CSV text: the path of an image, relative to the table, and its label in each row. */
  z.strictObject({
    kind: z.literal('table'),
    train: z.string(),
    /** A table alike, or the share of `train` kept for validation. */
    validation: z.union([fraction, z.string()]).default(0.2),
    delimiter: z.string().length(1).default(','),
    /** Whether the first row names the columns. */
    header: z.boolean().default(true),
    /** Of the path and of the label, by name or by number from zero. */
    columns: z.tuple([column, column]).optional(),
    ...images,
  }),
  /** MNIST's files, packed by gzip or not. */
  z.strictObject({
    kind: z.literal('idx'),
    images: z.string(),
    labels: z.string(),
    validation: z.union([fraction, z.strictObject({ images: z.string(), labels: z.string() })]).default(0.2),
    ...images,
  }),
  /** The folder of the binary version of CIFAR-10 or CIFAR-100. */
  z.strictObject({
    kind: z.literal('cifar'),
    train: z.string(),
    /** The test batch of the folder, or the share of the training batches kept for validation. */
    validation: z.union([fraction, z.literal('test')]).default('test'),
    /** Which labels of CIFAR-100. */
    labels: z.enum(['fine', 'coarse']).default('fine'),
    ...images,
  }),
  /** Arrays as NumPy saves them: two `.npy` files, or one `.npz` as `x`, which holds both. */
  z.strictObject({
    kind: z.literal('arrays'),
    x: z.string(),
    y: z.string().optional(),
    /** `test`: `x_test` and `y_test`, or `x_val` and `y_val`, of the `.npz`. */
    validation: z
      .union([fraction, z.literal('test'), z.strictObject({ x: z.string(), y: z.string().optional() })])
      .default(0),
  }),
]);

export type Preprocess = z.infer<typeof preprocessSchema>;
export type Augment = z.infer<typeof augmentSchema>;
export type Data = z.infer<typeof dataSchema>;
