import { Failure } from '../core/failure';
import type { FromTrainer, InstallEngineRequest, ProbeRequest } from '../protocol/trainer';
import { engineNamed } from './engineNamed';
import { examineEngines } from './engines/doctor';
import { probe } from './engines/probe/probe';
import { installTensorflow } from './engines/tensorflow/install';
import { readInstallation } from './engines/tensorflow/installation';

/** @throws Failure of kind `work`: why the engine cannot be used */
export async function answerProbe({ engine, tensorflow }: ProbeRequest): Promise<FromTrainer> {
  const installation = tensorflow === undefined ? undefined : await readInstallation(tensorflow);
  return { type: 'probed', engine: await probe(engine, installation) };
}

export async function answerEngines(stop: AbortSignal): Promise<FromTrainer> {
  return { type: 'engines', report: await examineEngines(undefined, stop) };
}

/** @throws Failure of kind `usage` for an engine that comes with the program, and what installing throws */
export async function answerInstall(
  { engine, python }: InstallEngineRequest,
  send: (message: FromTrainer) => void,
  stop: AbortSignal,
): Promise<FromTrainer> {
  if (engineNamed(engine) !== 'tensorflow') {
    throw new Failure('usage', 'ENGINE_EMBEDDED', `engine ${engine} needs no installation; tensorflow does`);
  }
  const installed = await installTensorflow(python, (message) => send({ type: 'progress', message }), stop);
  return { type: 'installed', ...installed };
}
