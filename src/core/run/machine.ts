import { t } from '../../l10n/translate';
import { showBytes } from '../showBytes';

/** A graphics card as its driver tells of it; what it does not tell is left out. */
export interface GpuLoad {
  readonly name: string;
  /** How busy it was, from 0 to 1, whoever kept it so. */
  readonly load?: number | undefined;
  /** Bytes, of all processes. */
  readonly memoryUsed?: number | undefined;
  /** Bytes. */
  readonly memoryTotal?: number | undefined;
}

/** What a run takes of its machine, now: no part of its history. */
export interface MachineStatus {
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  /** Bytes of memory that the trainer's process holds. */
  readonly memory: number;
  /** Bytes in the engine's tensors, wherever they are. */
  readonly tensors?: number | undefined;
  /** None where there is no card, or nothing that tells of it. */
  readonly gpus: readonly GpuLoad[];
}

/** The card that is spoken of where there is room for one: the busiest. */
export function busiestGpu({ gpus }: MachineStatus): GpuLoad | undefined {
  return gpus.reduce<GpuLoad | undefined>(
    (busiest, gpu) => (busiest === undefined || (gpu.load ?? -1) > (busiest.load ?? -1) ? gpu : busiest),
    undefined,
  );
}

/** What a card says of itself: `87% · 5.2 GB of 16 GB`. */
export function showGpu({ load, memoryUsed, memoryTotal }: GpuLoad): string {
  const used = memoryUsed === undefined ? '' : showBytes(memoryUsed);
  return [
    load === undefined ? '' : `${Math.round(load * 100)}%`,
    used === '' || memoryTotal === undefined ? used : t('{0} of {1}', used, showBytes(memoryTotal)),
  ]
    .filter(Boolean)
    .join(' · ');
}
