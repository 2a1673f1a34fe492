import path from 'node:path';
import { Failure } from '../../core/failure';
import type { EngineName, Plan } from '../../core/plan/plan';
import type { EngineFound, PassedOver } from '../../protocol/engines';
import type { Installed } from './engine';
import { enginesFolder } from './enginesFolder';
import { probeInChild } from './probe/inChild';
import { rememberedProbe, type Remembered } from './probe/remember';
import { ADDON_FILE, notInstalled, readInstallation } from './tensorflow/installation';
import { dawnNotInstalled, libraryOf, readDawn } from './webgpu/installation';
import { t } from '../../l10n/translate';

export interface Asked {
  readonly engine: Plan['engine'];
  /** Whether an engine for graphics cards, asked for by name, may compute without one. */
  readonly allowCpu: boolean;
}

export interface Choice {
  readonly engine: EngineName;
  /** What is loaded where the engine does not come with the program. */
  readonly installation?: Installed;
  /** Better engines, and why `auto` did not take them. */
  readonly passedOver: readonly PassedOver[];
}

/** Engines for graphics cards: installed by people, and refused by name where they compute on the processor. */
type Installable = 'tensorflow' | 'webgpu';

/** An installation, and the files of it that change when it is updated. */
export interface Candidate extends Installed {
  readonly depends: readonly string[];
}

/** What is asked of the world outside, for tests to answer. */
export interface Sources {
  installation(name: Installable): Promise<Candidate | undefined>;
  probe(name: EngineName, folder: string | undefined, signal?: AbortSignal): Promise<EngineFound>;
}

const SOURCES: Sources = { installation: installationOf, probe: probeInChild };

/**
 * The engine to open. `auto` takes `tensorflow` where it passes its probe, else `webgpu` where that has a graphics card,
 * else `wasm`, which comes with the program; an engine asked for by name is that engine or a failure.
 *
 * @throws Failure of kind `work`: `ENGINE_NOT_INSTALLED`, `ENGINE_NEEDS_NODE`, `ENGINE_UNAVAILABLE`, `ENGINE_WRONG`, and
 * `ENGINE_ON_CPU` for one without a card that nobody has allowed
 */
export async function chooseEngine(
  { engine, allowCpu }: Asked,
  signal?: AbortSignal,
  sources: Sources = SOURCES,
): Promise<Choice> {
  if (engine === 'wasm' || engine === 'cpu') return { engine, passedOver: [] };
  if (engine !== 'auto') {
    const { installation, found } = await probeInstalled(engine, sources, signal);
    if (!found.onGpu && !allowCpu) throw onCpu(engine, found);
    return { engine, installation, passedOver: [] };
  }
  const passedOver: PassedOver[] = [];
  for (const name of ['tensorflow', 'webgpu'] as const) {
    try {
      const { installation, found } = await probeInstalled(name, sources, signal);
      // On the processor, WebGPU's drivers are no match for WebAssembly.
      if (name === 'webgpu' && !found.onGpu) throw onCpu(name, found);
      return { engine: name, installation, passedOver };
    } catch (error) {
      if (!(error instanceof Failure) || signal?.aborted) throw error;
      passedOver.push({ engine: name, reason: error.message });
    }
  }
  await rememberedProbe(embedded(), () => sources.probe('wasm', undefined, signal));
  return { engine: 'wasm', passedOver };
}

async function probeInstalled(name: Installable, sources: Sources, signal?: AbortSignal) {
  const candidate = await sources.installation(name);
  if (!candidate) throw name === 'tensorflow' ? notInstalled() : dawnNotInstalled();
  const { folder, depends } = candidate;
  const file = path.join(folder, 'probe.json');
  const found = await rememberedProbe({ file, depends }, () => sources.probe(name, folder, signal));
  return { installation: { folder }, found };
}

async function installationOf(name: Installable): Promise<Candidate | undefined> {
  if (name === 'webgpu') {
    const dawn = await readDawn();
    return dawn && { folder: dawn.folder, depends: [libraryOf(dawn.folder)] };
  }
  const installation = await readInstallation();
  if (!installation) return undefined;
  const { folder, library } = installation;
  return { folder, depends: [path.join(folder, ADDON_FILE), path.resolve(folder, library)] };
}

/** `wasm` is of the program: it changes with the bundle that this process was started from. */
function embedded(): Remembered {
  return { file: path.join(enginesFolder(), 'wasm-probe.json'), depends: [process.argv[1] ?? ''] };
}

function onCpu(engine: Installable, { device }: EngineFound): Failure {
  return new Failure(
    'work',
    'ENGINE_ON_CPU',
    t(
      'engine {0}: found {1}, expected a graphics card; say --allow-cpu to compute on the processor, take the engine auto, or see what model-surgery engines advises',
      engine,
      device,
    ),
  );
}
