import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { MachineStatus } from '../core/run/machine';
import { RUN_FILES } from './runFolder';
import { timeSchema } from './time';

const bytes = z.number().min(0);

/** A newer trainer may say more; what it says of these is understood. */
const machineSchema = z.object({
  time: timeSchema,
  memory: bytes,
  tensors: bytes.optional(),
  gpus: z
    .array(
      z.object({
        name: z.string().max(200),
        load: z.number().min(0).max(1).optional(),
        memoryUsed: bytes.optional(),
        memoryTotal: bytes.optional(),
      }),
    )
    // More cards than any machine has.
    .max(64),
}) satisfies z.ZodType<MachineStatus>;

/** A card is a hundred bytes. */
const LONGEST = 64 * 1024;

/** What the run takes of its machine: `machine.json` of a run that is going on; nothing where it does not say. */
export async function readMachine(folder: string): Promise<MachineStatus | undefined> {
  try {
    const text = await readFile(path.join(folder, RUN_FILES.machine), 'utf8');
    return text.length > LONGEST ? undefined : machineSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Replaces it. It is not kept when the machine goes down: nothing waits for the disk. */
export async function writeMachine(folder: string, machine: MachineStatus): Promise<void> {
  const file = path.join(folder, RUN_FILES.machine);
  await writeFile(`${file}.part`, `${JSON.stringify(machine)}\n`);
  await rename(`${file}.part`, file);
}

/** Of a run that has ended there is nothing to say. */
export async function removeMachine(folder: string): Promise<void> {
  const file = path.join(folder, RUN_FILES.machine);
  await Promise.all([rm(file, { force: true }), rm(`${file}.part`, { force: true })]);
}
