import { Failure } from '../../core/failure';
import type { EngineName, Plan } from '../../core/plan/plan';
import type { EngineFound, PassedOver } from '../../protocol/engines';
import { probeInChild } from './probe/inChild';
import { rememberedProbe } from './probe/remember';
import { notInstalled, readInstallation, type Installation } from './tensorflow/installation';

export interface Asked {
  readonly engine: Plan['engine'];
  /** Whether `tensorflow`, asked for by name, may be one without a graphics card. */
  readonly allowCpu: boolean;
}

export interface Choice {
  readonly engine: EngineName;
  /** What is loaded where the engine is `tensorflow`. */
  readonly installation?: Installation;
  /** Better engines, and why `auto` did not take them. */
  readonly passedOver: readonly PassedOver[];
}

/** What is asked of the world outside, for tests to answer. */
export interface Sources {
  installation(): Promise<Installation | undefined>;
  probe(name: EngineName, folder: string, signal?: AbortSignal): Promise<EngineFound>;
}

const SOURCES: Sources = { installation: () => readInstallation(), probe: probeInChild };

/**
 * The engine to open. `auto` takes `tensorflow` where it passes its probe, else `wasm`, which comes with the program
 * and needs none; an engine asked for by name is that engine or a failure.
 *
 * @throws Failure of kind `work`: `ENGINE_NOT_INSTALLED`, `ENGINE_UNAVAILABLE`, `ENGINE_WRONG`, and `ENGINE_ON_CPU`
 * for a `tensorflow` without a card that nobody has allowed
 */
export async function chooseEngine(
  { engine, allowCpu }: Asked,
  signal?: AbortSignal,
  sources: Sources = SOURCES,
): Promise<Choice> {
  if (engine === 'wasm' || engine === 'cpu') return { engine, passedOver: [] };
  try {
    const { installation, found } = await probeTensorflow(sources, signal);
    if (engine === 'tensorflow' && !found.onGpu && !allowCpu) throw onCpu(found);
    return { engine: 'tensorflow', installation, passedOver: [] };
  } catch (error) {
    if (engine === 'tensorflow' || !(error instanceof Failure) || signal?.aborted) throw error;
    return { engine: 'wasm', passedOver: [{ engine: 'tensorflow', reason: error.message }] };
  }
}

async function probeTensorflow(sources: Sources, signal?: AbortSignal) {
  const installation = await sources.installation();
  if (!installation) throw notInstalled();
  const found = await rememberedProbe(installation, (folder) => sources.probe('tensorflow', folder, signal));
  return { installation, found };
}

function onCpu({ device }: EngineFound): Failure {
  return new Failure(
    'work',
    'ENGINE_ON_CPU',
    `engine tensorflow: found ${device}, expected a graphics card; say --allow-cpu to compute on the processor ` +
      '(the engine auto does so unasked), or see what model-surgery engines advises',
  );
}
