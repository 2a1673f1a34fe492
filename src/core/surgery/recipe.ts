import { z } from 'zod';
import { freezeRuleSchema } from '../freeze/rule';

/** A layer as a recipe writes it: Keras's class name, a name (made up from the kind where left out), its configuration. */
export const newLayerSchema = z.strictObject({
  kind: z.string(),
  name: z.string().min(1).optional(),
  config: z.record(z.string(), z.unknown()).optional(),
});

const layers = z.array(newLayerSchema).min(1);

export const operationSchema = z.discriminatedUnion('op', [
  /** Keep everything up to a layer; what hangs after it goes. */
  z.strictObject({ op: z.literal('cut'), after: z.string() }),
  /** Take layers out and join their neighbours. */
  z.strictObject({ op: z.literal('remove'), layers: z.array(z.string()).min(1) }),
  /** Hang a chain of new layers on a layer; its end becomes the output. */
  z.strictObject({ op: z.literal('append'), after: z.string(), layers }),
  /** Put a chain of new layers between a layer and one that reads it. */
  z.strictObject({ op: z.literal('insert'), between: z.tuple([z.string(), z.string()]), layers }),
  z.strictObject({ op: z.literal('rename'), layer: z.string(), to: z.string().min(1) }),
  z.strictObject({
    op: z.literal('configure'),
    layer: z.string(),
    config: z.record(z.string(), z.unknown()),
  }),
  /** Start these layers' weights anew from their initializers. */
  z.strictObject({ op: z.literal('reinitialize'), layers: z.array(z.string()).min(1) }),
]);

/** What a recipe's base model was: its path relative to the recipe, and its fingerprint. */
export const baseSchema = z.strictObject({
  path: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(0),
});

export const recipeSchema = z.strictObject({
  version: z.literal(1),
  base: baseSchema.optional(),
  operations: z.array(operationSchema).default([]),
  freeze: z.array(freezeRuleSchema).default([]),
});

export type NewLayer = z.infer<typeof newLayerSchema>;
export type Operation = z.infer<typeof operationSchema>;
export type OperationOf<Op extends Operation['op']> = Extract<Operation, { op: Op }>;
export type BaseFingerprint = z.infer<typeof baseSchema>;
export type Recipe = z.infer<typeof recipeSchema>;

export const EMPTY_RECIPE: Recipe = { version: 1, operations: [], freeze: [] };
