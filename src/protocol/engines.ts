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
}

/** What the doctor says of an engine. */
export interface EngineReport {
  readonly name: EngineName;
  readonly status: 'works' | 'missing' | 'broken';
  /** The engine as it was found; nothing where it does not work. */
  readonly found?: EngineFound;
  /** Why it does not work, or not as well as it might. */
  readonly reason?: string;
  /** What to do about that. */
  readonly advice?: string;
}

export interface EnginesReport {
  readonly engines: readonly EngineReport[];
  /** The one that `auto` takes, if any works. */
  readonly auto?: EngineName;
  readonly cards: readonly GraphicsCard[];
  /** Why no card is told of. */
  readonly noCards?: string;
  /** Where engines are installed. */
  readonly folder: string;
  readonly node: string;
}
