import { Failure } from '../../core/failure';
import type { EngineName } from '../../core/plan/plan';
import type { EngineFound, EngineReport, EnginesReport } from '../../protocol/engines';
import { findCards, type Cards } from './cards';
import { enginesFolder } from './enginesFolder';
import { probeInChild } from './probe/inChild';

/** Best first. */
const ENGINES: readonly EngineName[] = ['tensorflow', 'wasm', 'cpu'];

/** What is asked of the world outside, for tests to answer. */
export interface Examination {
  probe(name: EngineName, signal?: AbortSignal): Promise<EngineFound>;
  findCards(): Promise<Cards>;
}

const EXAMINATION: Examination = {
  probe: (name, signal) => probeInChild(name, undefined, signal),
  findCards,
};

/** Probes every engine anew, one after the other, since they share the machine, and says what to do about each. */
export async function examineEngines(
  { probe, findCards: find }: Examination = EXAMINATION,
  signal?: AbortSignal,
): Promise<EnginesReport> {
  const cards = await find();
  const engines: EngineReport[] = [];
  for (const name of ENGINES) {
    engines.push(await examine(name, (each) => probe(each, signal), cards));
    signal?.throwIfAborted();
  }
  // `cpu` is for tests alone.
  const auto = engines.find(({ name, status }) => name !== 'cpu' && status === 'works')?.name;
  return { engines, ...(auto && { auto }), ...cards, folder: enginesFolder(), node: process.version };
}

async function examine(
  name: EngineName,
  probe: Examination['probe'],
  { cards }: Cards,
): Promise<EngineReport> {
  try {
    const found = await probe(name);
    return { name, status: 'works', found, ...(cards.length > 0 && !found.onGpu && unusedCard(name)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const missing = error instanceof Failure && error.code === 'ENGINE_NOT_INSTALLED';
    return { name, status: missing ? 'missing' : 'broken', reason };
  }
}

/** What is said of an engine that works beside a card that it does not use. */
function unusedCard(name: EngineName): Pick<EngineReport, 'reason' | 'advice'> {
  if (name !== 'tensorflow') return {};
  return {
    reason: 'it does not use the graphics card: its TensorFlow has no CUDA, or finds not all of CUDA',
    advice:
      'in a Python environment, pip install "tensorflow[and-cuda]", see that its tf.config.list_physical_devices' +
      "('GPU') is not empty, then model-surgery engines install tensorflow --tensorflow that environment",
  };
}
