import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { RUN_FILES } from './runFolder';

/** The names inside a checkpoint's folder. */
export const CHECKPOINT_FILES = {
  state: 'state.json',
  /** The whole model, which opens as any other. */
  weights: 'model.safetensors',
  optimizer: 'optimizer.safetensors',
  /** The weights of the best epoch, where the run may go back to them and they are not these. */
  best: 'best.safetensors',
} as const;

const count = z.int().min(0);
const bestSchema = z.object({ value: z.number(), epoch: count, wait: count });

/**
 * Where a run stands, beside its weights and its optimizer's memory: with them all that its next step comes of. What is
 * random follows from the plan's seed and these counts.
 */
const checkpointStateSchema = z.object({
  version: z.literal(1),
  /** Milliseconds since 1970 UTC. */
  time: z.number(),
  /** From zero. */
  phase: count,
  /** Whole epochs done, in the phase and in the run. */
  phaseEpochs: count,
  epoch: count,
  /** Of the run. */
  step: count,
  /** Of the epoch in hand: batches done, and what they measured. */
  batch: count,
  means: z.object({
    samples: count,
    // JSON has no NaN: a metric that is none must not cost the checkpoint.
    sums: z.record(
      z.string(),
      z
        .number()
        .nullable()
        .transform((sum) => sum ?? NaN),
    ),
    tallies: z.record(z.string(), z.array(z.number()).readonly()).optional(),
  }),
  optimizer: z.object({ steps: count, learningRate: z.number() }),
  /** Set by a person for the rest of the phase. */
  learningRate: z.number().optional(),
  /** What the learning rate's schedule remembers. */
  schedule: z.record(z.string(), z.number()).optional(),
  /** The best epoch of the phase, for stopping early. */
  stopping: bestSchema.optional(),
  /** The best epoch of the run. */
  best: bestSchema.optional(),
});

export type CheckpointState = z.infer<typeof checkpointStateSchema>;

export interface FoundCheckpoint {
  /** Its folder's name: `epoch-0005`. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly state: CheckpointState;
}

/** `epoch-0005` between two epochs, `step-00000123` inside of one. */
export function checkpointName({
  epoch,
  step,
  batch,
}: Pick<CheckpointState, 'epoch' | 'step' | 'batch'>): string {
  return batch === 0 ? `epoch-${String(epoch).padStart(4, '0')}` : `step-${String(step).padStart(8, '0')}`;
}

export function checkpointsFolder(run: string): string {
  return path.join(run, RUN_FILES.checkpoints);
}

/** The checkpoints of a run that say where they stand, the newest first; those being written are not among them. */
export async function listCheckpoints(run: string): Promise<readonly FoundCheckpoint[]> {
  const parent = checkpointsFolder(run);
  const names = await readdir(parent).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => !name.startsWith('.'))
      .map(async (name) => {
        const folder = path.join(parent, name);
        const state = await readState(folder);
        return state && { name, folder, state };
      }),
  );
  return found
    .filter((checkpoint) => checkpoint !== undefined)
    .sort((a, b) => b.state.step - a.state.step || b.state.epoch - a.state.epoch);
}

async function readState(folder: string): Promise<CheckpointState | undefined> {
  try {
    const text = await readFile(path.join(folder, CHECKPOINT_FILES.state), 'utf8');
    return checkpointStateSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * The checkpoints that have had their day: of those between epochs that the plan asks for the newest `keep` stay, and the
 * newest and the best of all.
 *
 * @param checkpoints the newest first
 */
export function outdated(checkpoints: readonly FoundCheckpoint[], keep: number): readonly FoundCheckpoint[] {
  const best = checkpoints[0]?.state.best?.epoch;
  const staying = checkpoints.filter(({ state }) => state.batch === 0).slice(0, keep);
  return checkpoints.filter(
    (checkpoint, index) =>
      index > 0 &&
      !staying.includes(checkpoint) &&
      !(checkpoint.state.batch === 0 && checkpoint.state.epoch === best),
  );
}
