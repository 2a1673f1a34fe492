import { Failure } from '../core/failure';
import type { EngineName } from '../core/plan/plan';
import type { FromTrainer, InstallEngineRequest, ProbeRequest } from '../protocol/trainer';
import { engineNamed } from './engineNamed';
import { examineEngines } from './engines/doctor';
import type { Installing } from './engines/installBeside';
import { probe } from './engines/probe/probe';
import { installTensorflow } from './engines/tensorflow/install';
import { installWebgpu } from './engines/webgpu/install';
import { t } from '../l10n/translate';

/** @throws Failure of kind `work`: why the engine cannot be used */
export async function answerProbe({ engine, folder }: ProbeRequest): Promise<FromTrainer> {
  const installation = folder === undefined ? undefined : { folder };
  return { type: 'probed', engine: await probe(engine, installation) };
}

export async function answerEngines(stop: AbortSignal): Promise<FromTrainer> {
  return { type: 'engines', report: await examineEngines(undefined, stop) };
}

/** @throws Failure of kind `usage` for an engine that comes with the program, and what installing throws */
export async function answerInstall(
  { engine, python, from }: InstallEngineRequest,
  send: (message: FromTrainer) => void,
  stop: AbortSignal,
): Promise<FromTrainer> {
  const name = engineNamed(engine);
  const installing: Installing = { tell: (message) => send({ type: 'progress', message }), signal: stop };
  if (name === 'tensorflow') {
    if (from !== undefined) throw notFor('from', 'webgpu');
    return { type: 'installed', ...(await installTensorflow(python, installing)) };
  }
  if (name === 'webgpu') {
    if (python !== undefined) throw notFor('tensorflow', 'tensorflow');
    return { type: 'installed', ...(await installWebgpu(from, installing)) };
  }
  throw new Failure(
    'usage',
    'ENGINE_EMBEDDED',
    t('engine {0} needs no installation; tensorflow and webgpu do', engine),
  );
}

function notFor(option: string, engine: EngineName): Failure {
  return new Failure('usage', 'OPTION_VALUE', t('--{0} goes with engines install {1}', option, engine));
}
