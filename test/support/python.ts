import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const repository = path.resolve(import.meta.dirname, '../..');

/** The Python that has Keras, which `npm run setup` puts into `.cache/python`. */
export function pythonPath(): string {
  const python = process.env.MODEL_SURGERY_PYTHON ?? path.join(repository, '.cache/python/bin/python');
  if (existsSync(python)) return python;
  throw new Error(`no Python with Keras at ${python}: run "npm run setup -- --python"`);
}

/** On the processor, with plain kernels; what a script writes is all that it leaves. */
const pythonEnvironment = () => ({
  ...process.env,
  KERAS_BACKEND: 'tensorflow',
  TF_CPP_MIN_LOG_LEVEL: '3',
  TF_ENABLE_ONEDNN_OPTS: '0',
  CUDA_VISIBLE_DEVICES: '-1',
  PYTHONDONTWRITEBYTECODE: '1',
});

/** Of what a script says before it ends: a traceback's last lines tell why. */
const LONGEST_ERROR = 8192;

/** Runs a script of real Keras and returns what it printed; its stderr is in the error when it fails. */
export async function runPython(script: string, args: readonly string[] = []): Promise<string> {
  const { stdout } = await run(pythonPath(), [script, ...args], {
    cwd: repository,
    maxBuffer: 256 * 1024 * 1024,
    env: pythonEnvironment(),
  });
  return stdout;
}

/** A script of real Keras that goes on, so that what it loads is loaded once. */
export interface PythonServer {
  /** What it answers to a question: a line of JSON each. One question at a time. */
  ask(question: unknown): Promise<unknown>;
  close(): void;
}

/** Starts a script that reads lines and answers each by one; what it says on stderr is in the error when it ends early. */
export function servePython(script: string, args: readonly string[]): PythonServer {
  const child = spawn(pythonPath(), [script, ...args], { cwd: repository, env: pythonEnvironment() });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told = `${told}${chunk.toString()}`.slice(-LONGEST_ERROR)));
  child.stdin.on('error', () => undefined);
  return {
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const answer = await lines.next();
      if (answer.done) throw new Error(`${script} ended: ${told}`);
      return JSON.parse(answer.value);
    },
    close: () => void child.kill(),
  };
}
