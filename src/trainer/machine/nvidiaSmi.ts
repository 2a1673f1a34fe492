import { spawn, type ChildProcess } from 'node:child_process';
import type { GpuLoad } from '../../core/run/machine';
import { LineSplitter } from '../../runs/lineSplitter';

/** The driver's own program; a PATH has it wherever the driver is. */
const PROGRAM = 'nvidia-smi';
const FIELDS = ['index', 'uuid', 'name', 'utilization.gpu', 'memory.used', 'memory.total'] as const;
const SECONDS_BETWEEN = 4;
/** What a card has not repeated by then is no news of it any more. */
const STALE_MS = 3 * SECONDS_BETWEEN * 1000;
const LONGEST_LINE = 4096;
/** More cards than any machine has. */
const MOST_GPUS = 64;
const MIB = 2 ** 20;

interface Reading extends GpuLoad {
  readonly time: number;
}

/**
 * Asks NVIDIA's driver how busy its cards are, every few seconds, in one child for the whole run: starting one for each
 * answer would copy the page tables of a process that may hold gigabytes. Without the program there are no cards.
 */
export class NvidiaSmi {
  private readonly readings = new Map<string, Reading>();
  private readonly visible: readonly string[] | undefined;
  private child: ChildProcess | undefined;

  /** @param visibleDevices `CUDA_VISIBLE_DEVICES`: cards that the run cannot use are none of it */
  constructor(visibleDevices = process.env.CUDA_VISIBLE_DEVICES) {
    this.visible = visibleDevices
      ?.split(',')
      .map((device) => device.trim())
      .filter(Boolean);
    if (this.visible?.length === 0) return;
    try {
      this.start();
    } catch {
      // No memory or no files for a child: no cards are told of, and the run goes on.
      this.dispose();
    }
  }

  private start(): void {
    const query = [`--query-gpu=${FIELDS.join(',')}`, '--format=csv,noheader,nounits'];
    const child = spawn(PROGRAM, [...query, `--loop=${SECONDS_BETWEEN}`], {
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
    });
    this.child = child;
    const lines = new LineSplitter(LONGEST_LINE);
    child.on('error', () => this.dispose());
    child.stdout.on('error', () => this.dispose());
    child.stdout.on('data', (chunk: Uint8Array) => {
      try {
        for (const line of lines.push(chunk)) this.take(line);
      } catch {
        // A line that never ends is not that program's.
        this.dispose();
      }
    });
    // It is never what keeps the trainer alive.
    child.unref();
  }

  /** The cards as they last told, in the driver's order. */
  get gpus(): readonly GpuLoad[] {
    const fresh = performance.now() - STALE_MS;
    return [...this.readings.values()]
      .filter(({ time }) => time >= fresh)
      .map(({ name, load, memoryUsed, memoryTotal }) => ({ name, load, memoryUsed, memoryTotal }));
  }

  dispose(): void {
    this.child?.kill();
    this.child = undefined;
  }

  /** `0, GPU-3f…, NVIDIA H100, 87, 5210, 81559`; `[N/A]` where the driver does not know. */
  private take(line: string): void {
    const [index = '', uuid = '', name = '', load, used, total, ...more] = line.split(', ');
    const isCard = /^\d+$/.test(index) && total !== undefined && more.length === 0;
    if (!isCard || !this.isVisible(index, uuid)) return;
    if (this.readings.size === MOST_GPUS && !this.readings.has(index)) return;
    const percent = numberIn(load);
    this.readings.set(index, {
      time: performance.now(),
      name: name.slice(0, 200),
      load: percent === undefined ? undefined : Math.min(1, percent / 100),
      memoryUsed: mebibytes(used),
      memoryTotal: mebibytes(total),
    });
  }

  /** By number, or by the beginning of its UUID, as CUDA has it. */
  private isVisible(index: string, uuid: string): boolean {
    return this.visible?.some((device) => device === index || uuid.startsWith(device)) ?? true;
  }
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

function mebibytes(text: string | undefined): number | undefined {
  const value = numberIn(text);
  return value === undefined ? undefined : value * MIB;
}
