import { build } from 'esbuild';
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { commonJsNames } from '../../scripts/commonJsNames.mjs';
import { readInstallation } from '../../src/trainer/engines/tensorflow/installation';
import { pythonPath, repository } from '../support/python';
import type { StepsTaken } from './trainingChild';
import { median } from './median';

export default 'kerasTraining';
export const needsPython = true;

const MODEL = path.resolve('.cache/bench/models/mobilenet_v2.keras');
const SCRIPT = path.join(repository, 'test/bench/kerasTraining.py');
const CHILD = path.resolve('.cache/bench/trainingChild.mjs');
const BATCH = 16;

/** Turns of each side, and steps of a turn: a machine that is busy for a while is so for both. */
const TURNS = 4;
const STEPS = 3;

/** Of both sides. */
const ENVIRONMENT = {
  MODEL_SURGERY_ENGINES: path.join(repository, '.cache/engines'),
  CUDA_VISIBLE_DEVICES: '-1',
  KERAS_BACKEND: 'tensorflow',
  TF_CPP_MIN_LOG_LEVEL: '3',
};

const execute = promisify(execFile);

interface Side {
  steps(count: number): Promise<StepsTaken>;
  end(): void;
}

/**
 * MobileNetV2 at 224×224, batches of sixteen, on the engine `tensorflow` and on real Keras with the same TensorFlow and the
 * settings that it comes with, in turns. Times are of the wall; processor times tell the same on a machine that does
 * something else meanwhile.
 */
export async function run(): Promise<Record<string, number>> {
  Object.assign(process.env, ENVIRONMENT);
  if (!(await readInstallation())) {
    const install = ['engines', 'install', 'tensorflow', '--tensorflow', pythonPath()];
    await execute(process.execPath, [path.join(repository, 'dist/cli.js'), ...install]);
  }
  await build({
    entryPoints: ['test/bench/trainingChild.ts'],
    outfile: CHILD,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['sharp', 'h5wasm', 'h5wasm/*'],
    banner: { js: commonJsNames },
    logLevel: 'warning',
  });
  if (!existsSync(MODEL)) {
    await mkdir(path.dirname(MODEL), { recursive: true });
    await execute(pythonPath(), [SCRIPT, 'make', MODEL]);
  }
  return { ...(await compare('all', 'all layers')), ...(await compare('head', 'frozen backbone, no cache')) };
}

async function compare(what: 'all' | 'head', name: string): Promise<Record<string, number>> {
  const keras = start(pythonPath(), [SCRIPT, what, MODEL]);
  const ours = start(process.execPath, [CHILD, 'tensorflow', what, MODEL]);
  try {
    const sides = [keras, ours];
    for (const side of sides) await side.steps(2);
    const taken: StepsTaken[][] = [[], []];
    for (let turn = 0; turn < TURNS; turn++) {
      for (const [index, side] of sides.entries()) taken[index].push(await side.steps(STEPS));
    }
    const [theirs, own] = taken.map((turns) => ({
      ms: median(turns.flatMap(({ ms }) => ms)),
      processorMs: median(turns.flatMap(({ processorMs }) => processorMs)),
      megabytes: Math.max(...turns.map(({ peakBytes }) => peakBytes)) / 2 ** 20,
    }));
    return {
      [`${name}: Keras, images/s`]: (BATCH * 1000) / theirs.ms,
      [`${name}: tensorflow, images/s`]: (BATCH * 1000) / own.ms,
      [`${name}: tensorflow / Keras, images/s`]: theirs.ms / own.ms,
      [`${name}: tensorflow / Keras, images per processor second`]: theirs.processorMs / own.processorMs,
      [`${name}: tensorflow / Keras, peak memory`]: own.megabytes / theirs.megabytes,
    };
  } finally {
    keras.end();
    ours.end();
  }
}

function start(command: string, args: readonly string[]): Side {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], cwd: repository });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    steps: async (count) => {
      child.stdin.write(`${count}\n`);
      for (;;) {
        const { value, done } = (await lines.next()) as IteratorResult<string, undefined>;
        if (done) throw new Error(`${command} ${args.join(' ')} ended early`);
        // Libraries greet on the same stream.
        if (value.startsWith('{')) return JSON.parse(value) as StepsTaken;
      }
    },
    end: () => child.stdin.end(),
  };
}
