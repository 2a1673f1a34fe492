import * as z from 'zod';
import { freezeRuleSchema, MAX_REGEX } from '../freeze/rule';

/** A layer as a recipe writes it: Keras's class name, a name (made up from the kind where left out), its configuration. */
export const newLayerSchema = z.strictObject({
  kind: z.string(),
  name: z.string().min(1).optional(),
  config: z.record(z.string(), z.unknown()).optional(),
});

const layers = z.array(newLayerSchema).min(1);

/** A step that is switched off stays in the recipe and is passed over. */
const disabled = z.boolean().optional();

/** Another model that a recipe takes from: its path relative to the recipe, and what the file was. */
export const donorFileSchema = z.strictObject({
  path: z.string().min(1),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  bytes: z.int().min(0).optional(),
});

const donor = z.union([z.string().min(1), donorFileSchema]);

export const operationSchema = z.discriminatedUnion('op', [
  /** Keep everything up to a layer; what hangs after it goes. */
  z.strictObject({ op: z.literal('cut'), after: z.string(), disabled }),
  /** Take layers out and join their neighbours. */
  z.strictObject({ op: z.literal('remove'), layers: z.array(z.string()).min(1), disabled }),
  /** Hang a chain of new layers on a layer; its end becomes the output. */
  z.strictObject({ op: z.literal('append'), after: z.string(), layers, disabled }),
  /** Put a chain of new layers between a layer and one that reads it. */
  z.strictObject({ op: z.literal('insert'), between: z.tuple([z.string(), z.string()]), layers, disabled }),
  z.strictObject({ op: z.literal('rename'), layer: z.string(), to: z.string().min(1), disabled }),
  z.strictObject({
    op: z.literal('configure'),
    layer: z.string(),
    config: z.record(z.string(), z.unknown()),
    disabled,
  }),
  /** Start these layers' weights anew from their initializers. */
  z.strictObject({ op: z.literal('reinitialize'), layers: z.array(z.string()).min(1), disabled }),
  /** Make a layer another one in place. */
  z.strictObject({ op: z.literal('replace'), layer: z.string(), with: newLayerSchema, disabled }),
  /** Give an input another shape, without the batch. */
  z.strictObject({
    op: z.literal('inputShape'),
    shape: z.array(z.int().positive().nullable()),
    input: z.string().optional(),
    disabled,
  }),
  /** Hang a part of another model, with its weights, on a layer; its ends become the outputs. */
  z.strictObject({
    op: z.literal('graft'),
    donor,
    from: z.string().optional(),
    to: z.string().optional(),
    after: z.string(),
    disabled,
  }),
  /** Take weights over from another file, by name. */
  z.strictObject({
    op: z.literal('warmStart'),
    from: donor,
    match: z.string().max(MAX_REGEX).optional(),
    map: z.record(z.string(), z.string()).optional(),
    disabled,
  }),
]);

/** What a recipe's base model was: its path relative to the recipe, and its fingerprint. */
export const baseSchema = z.strictObject({
  path: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(0),
});

/**
 * Version 2 adds what version 1 has no words for: operations that are switched off, `from` and learning-rate
 * multipliers in freeze rules, and named freeze sets. Both are read; written is the lower one that can say it.
 */
export const recipeSchema = z.strictObject({
  version: z.literal([1, 2]),
  base: baseSchema.optional(),
  operations: z.array(operationSchema).default([]),
  freeze: z.array(freezeRuleSchema).default([]),
  /** Freeze rules kept under a name, to be switched to. */
  freezeSets: z.record(z.string().min(1), z.array(freezeRuleSchema)).optional(),
});

export type NewLayer = z.infer<typeof newLayerSchema>;
export type Operation = z.infer<typeof operationSchema>;
export type OperationOf<Op extends Operation['op']> = Extract<Operation, { op: Op }>;
export type DonorFile = z.infer<typeof donorFileSchema>;
export type BaseFingerprint = z.infer<typeof baseSchema>;
export type Recipe = z.infer<typeof recipeSchema>;

export const EMPTY_RECIPE: Recipe = { version: 1, operations: [], freeze: [] };

export { activeOperations } from './activeOperations';

/** The recipe under the lowest version that can say it. */
export function versioned(recipe: Recipe): Recipe {
  const sets = Object.values(recipe.freezeSets ?? {});
  const isNew =
    sets.length > 0 ||
    recipe.operations.some((operation) => operation.disabled !== undefined) ||
    recipe.freeze.some((rule) => 'from' in rule.match || rule.learningRateMultiplier !== undefined);
  const version = isNew ? 2 : 1;
  return version === recipe.version ? recipe : { ...recipe, version };
}
