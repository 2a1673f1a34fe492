import { freemem, totalmem } from 'node:os';
import path from 'node:path';
import { Failure } from '../../core/failure';
import type { EngineName } from '../../core/plan/plan';
import type { EngineFound, EngineReport, EnginesReport, Memory } from '../../protocol/engines';
import { adviceOn, type Circumstances } from './advice';
import { findCards, type Cards } from './cards';
import { enginesFolder } from './enginesFolder';
import { probeInChild } from './probe/inChild';
import { vulkanDrivers } from './vulkan';

/** Best first. */
const ENGINES: readonly EngineName[] = ['tensorflow', 'webgpu', 'wasm', 'cpu'];

/** What is asked of the world outside, for tests to answer. */
export interface Examination {
  probe(name: EngineName, signal?: AbortSignal): Promise<EngineFound>;
  findCards(): Promise<Cards>;
  findVulkan(): Promise<readonly string[]>;
  memory(): Memory;
}

const EXAMINATION: Examination = {
  probe: (name, signal) => probeInChild(name, undefined, signal),
  findCards,
  findVulkan: vulkanDrivers,
  memory: () => ({ total: totalmem(), free: freemem() }),
};

/** Probes every engine anew, one after the other, since they share the machine, and says what to do about each. */
export async function examineEngines(
  examination: Examination = EXAMINATION,
  signal?: AbortSignal,
): Promise<EnginesReport> {
  const [cards, vulkan] = await Promise.all([examination.findCards(), examination.findVulkan()]);
  const engines: EngineReport[] = [];
  for (const name of ENGINES) {
    engines.push(await examine(name, examination, { ...cards, vulkan }, signal));
    signal?.throwIfAborted();
  }
  const auto = engines.find(isForAuto)?.name;
  return { engines, ...(auto && { auto }), ...cards, vulkan, folder: enginesFolder(), node: process.version };
}

/** As choose.ts has it: `cpu` is for tests alone, and `webgpu` is taken for a card. */
function isForAuto({ name, status, found }: EngineReport): boolean {
  return status === 'works' && name !== 'cpu' && (name !== 'webgpu' || found?.onGpu === true);
}

async function examine(
  name: EngineName,
  { probe, memory }: Examination,
  circumstances: Circumstances,
  signal?: AbortSignal,
): Promise<EngineReport> {
  try {
    const found = await probe(name, signal);
    const driver = driverOf(found, circumstances);
    return {
      ...{ name, status: 'works', found },
      ...(driver !== undefined && { driver }),
      ...memoryOf(found, circumstances, memory),
      ...adviceOn(name, found, circumstances),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const missing = error instanceof Failure && error.code === 'ENGINE_NOT_INSTALLED';
    return { name, status: missing ? 'missing' : 'broken', reason, ...adviceOn(name, error, circumstances) };
  }
}

function driverOf({ name, onGpu }: EngineFound, { cards, vulkan }: Circumstances): string | undefined {
  const [card] = cards;
  if (onGpu && card) return card.driver;
  if (name !== 'webgpu' || vulkan.length === 0) return undefined;
  return vulkan.map((file) => path.basename(file, '.json')).join(', ');
}

/** Of the first card, which is the one that is used where nobody says otherwise; WebGPU tells of no other's memory. */
function memoryOf(
  { onGpu }: EngineFound,
  { cards }: Circumstances,
  machine: () => Memory,
): Pick<EngineReport, 'memory'> {
  if (!onGpu) return { memory: machine() };
  const [card] = cards;
  return card?.free === undefined ? {} : { memory: { total: card.memory, free: card.free } };
}
