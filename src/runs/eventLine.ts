import * as z from 'zod';
import type { RunEvent } from '../core/run/events';
import { timeSchema } from './time';

/** An event is some hundred bytes; a `start` names its classes. A longer line is no event of ours. */
export const LONGEST_EVENT_LINE = 4 * 1024 * 1024;

const count = z.int().min(0);
/** JSON has no NaN and no infinity: a metric that was one is written as null, and the event is as good as any other. */
const measured = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN);
const metrics = z.record(z.string(), measured);
const time = timeSchema;

const eventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    time,
    version: z.literal(1),
    name: z.string(),
    engine: z.string(),
    device: z.string(),
    passedOver: z.array(z.object({ engine: z.string(), reason: z.string() })).optional(),
    epochs: count,
    stepsPerEpoch: count,
    trainSamples: count,
    validationSamples: count,
    batchSize: count,
    classes: z.array(z.string()),
    totalParams: count,
    trainableParams: count,
  }),
  z.object({
    type: z.literal('phase'),
    time,
    phase: count,
    epoch: count,
    trainableLayers: count,
    frozenLayers: count,
  }),
  z.object({
    type: z.literal('features'),
    time,
    phase: count,
    done: count,
    samples: count,
    after: z.array(z.string()),
    seconds: z.number(),
    kept: z
      .object({ where: z.enum(['memory', 'disk']), bytes: count, by: z.string(), computed: count })
      .optional(),
  }),
  z.object({ type: z.literal('step'), time, step: count, epoch: count, metrics }),
  z.object({
    type: z.literal('epoch'),
    time,
    epoch: count,
    step: count,
    metrics,
    seconds: z.number(),
    samplesPerSecond: z.number(),
  }),
  z.object({
    type: z.literal('checkpoint'),
    time,
    epoch: count,
    step: count,
    folder: z.string(),
    reason: z.enum(['epoch', 'best', 'last', 'asked', 'time']),
  }),
  z.object({ type: z.literal('paused'), time, epoch: count, step: count }),
  z.object({
    type: z.literal('resumed'),
    time,
    epoch: count,
    step: count,
    checkpoint: z.string().optional(),
    epochs: count.optional(),
  }),
  z.object({
    type: z.literal('learningRate'),
    time,
    epoch: count,
    step: count,
    learningRate: z.number(),
  }),
  z.object({
    type: z.literal('earlyStop'),
    time,
    epoch: count,
    step: count,
    monitor: z.string(),
    best: z.number(),
    bestEpoch: count,
  }),
  z.object({
    type: z.literal('restored'),
    time,
    epoch: count,
    monitor: z.string(),
    value: z.number(),
  }),
  z.object({ type: z.literal('warning'), time, code: z.string(), message: z.string() }),
  z.object({
    type: z.literal('end'),
    time,
    status: z.enum(['finished', 'stopped', 'failed']),
    model: z.array(z.string()),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
  }),
]) satisfies z.ZodType<RunEvent>;

const KNOWN_TYPES: ReadonlySet<unknown> = new Set(eventSchema.options.map(({ shape }) => shape.type.value));

export type EventLine =
  | { readonly is: 'event'; readonly event: RunEvent }
  /** Well formed, of a type this version does not know: a newer trainer's. */
  | { readonly is: 'unknown'; readonly type: string }
  | { readonly is: 'broken' };

export function parseEventLine(line: string): EventLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { is: 'broken' };
  }
  const parsed = eventSchema.safeParse(value);
  if (parsed.success) return { is: 'event', event: parsed.data };
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  const version = type === 'start' ? Reflect.get(Object(value), 'version') : undefined;
  if (typeof version === 'number' && version > 1) return { is: 'unknown', type: `start, version ${version}` };
  return typeof type === 'string' && !KNOWN_TYPES.has(type) ? { is: 'unknown', type } : { is: 'broken' };
}

export function formatEventLine(event: RunEvent): string {
  return `${JSON.stringify(event)}\n`;
}
