import type { EngineName } from '../core/plan/plan';

/** An engine that was opened and passed its probe. */
export interface EngineFound {
  readonly name: EngineName;
  /** For people: `TensorFlow 2.21.0 on GPU`. */
  readonly device: string;
  readonly onGpu: boolean;
  /** Versions of the libraries behind it, by their names. */
  readonly libraries: Readonly<Record<string, string>>;
}

/** A better engine that `auto` did not take. */
export interface PassedOver {
  readonly engine: string;
  readonly reason: string;
}

/** A graphics card as its driver tells it. */
export interface GraphicsCard {
  readonly name: string;
  readonly driver: string;
  /** Bytes. */
  readonly memory: number;
  /** Bytes of it that nobody uses; nothing where the driver does not tell. */
  readonly free?: number;
}

/** In bytes. */
export interface Memory {
  readonly total: number;
  readonly free: number;
}

/** What the doctor says of an engine. */
export interface EngineReport {
  readonly name: EngineName;
  readonly status: 'works' | 'missing' | 'broken';
  /** The engine as it was found; nothing where it does not work. */
  readonly found?: EngineFound;
  /** The version of the card's driver, or what Vulkan's drivers are described by. */
  readonly driver?: string;
  /** Of what it computes on: the card, or this machine. */
  readonly memory?: Memory;
  /** Why it does not work, or not as well as it might. */
  readonly reason?: string;
  /** What to do about that, in one line with the command. */
  readonly advice?: string;
}

export interface EnginesReport {
  readonly engines: readonly EngineReport[];
  /** The one that `auto` takes, if any works. */
  readonly auto?: EngineName;
  readonly cards: readonly GraphicsCard[];
  /** Why no card is told of. */
  readonly noCards?: string;
  /** The files that describe Vulkan's drivers, which webgpu computes by on Linux. */
  readonly vulkan: readonly string[];
  /** Where engines are installed. */
  readonly folder: string;
  readonly node: string;
}
