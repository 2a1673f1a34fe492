import path from 'node:path';
import type { FromTrainer } from '../../src/protocol/trainer';
import { startTrainer } from '../../src/trainer/client';
import { readInstallation } from '../../src/trainer/engines/tensorflow/installation';
import { trainerEntry } from '../trainer/workspace';
import { pythonPath, repository } from './python';

/** Installs the engine from the tests' Python where it is not yet, as users do; on the processor, with plain kernels. */
export async function installTestEngine(): Promise<void> {
  process.env.MODEL_SURGERY_ENGINES = path.join(repository, '.cache/engines');
  process.env.CUDA_VISIBLE_DEVICES = '-1';
  // As runPython has it: other kernels sum in another order, and the first steps of a net magnify that.
  process.env.TF_ENABLE_ONEDNN_OPTS = '0';
  const python = pythonPath();
  const installed = await readInstallation().catch(() => undefined);
  if (installed?.libraries.startsWith(path.dirname(path.dirname(python)))) return;
  const request = { type: 'installEngine', engine: 'tensorflow', python } as const;
  const trainer = await startTrainer(request, { entry: trainerEntry });
  const said: FromTrainer[] = [];
  trainer.onMessage((message) => said.push(message));
  await trainer.exited;
  if (!said.some(({ type }) => type === 'installed')) throw new Error(JSON.stringify(said));
}
