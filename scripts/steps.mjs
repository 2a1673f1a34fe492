/**
 * A step of the set-up runs once: it leaves a stamp in `.cache/stamps` with a fingerprint of what it was made from,
 * and runs again when the fingerprint differs or what it made is gone. Node's built-ins only: this runs before
 * anything is installed.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..');
export const cache = path.join(root, '.cache');
const stamps = path.join(cache, 'stamps');

/** A failed set-up is one line that says what to do, not a stack trace. */
export class SetupError extends Error {}

/**
 * @param name what is being set up, for people
 * @param made paths that exist once the step is done
 * @param inputs strings that, changed, make the step stale
 */
export async function step(name, { made, inputs, run }) {
  const stamp = path.join(stamps, name.replace(/\W+/g, '-').toLowerCase());
  const fingerprint = createHash('sha256').update(inputs.join('\0')).digest('hex');
  const done = existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint;
  if (done && made.every((file) => existsSync(file))) return;
  const start = Date.now();
  process.stderr.write(`setting up ${name} …\n`);
  rmSync(stamp, { force: true });
  await run();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, fingerprint);
  process.stderr.write(`setting up ${name}: done in ${((Date.now() - start) / 1000).toFixed(0)} s\n`);
}

/** Runs a program quietly; its output is shown only when it fails. */
export function execute(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => reject(new SetupError(`cannot run ${command}: ${error.message}`)));
    child.on('close', (code, signal) => {
      const text = Buffer.concat(output).toString();
      if (code === 0) resolve(text);
      else
        reject(
          new SetupError(
            `${command} ${args.join(' ')} ended with ${signal ?? code}:\n${text.split('\n').slice(-30).join('\n')}`,
          ),
        );
    });
  });
}

/** Names, sizes and times of the files below some folders: changes when a source file does. */
export function fingerprintOf(...paths) {
  const lines = [];
  const visit = (file) => {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) for (const name of readdirSync(file).sort()) visit(path.join(file, name));
    else lines.push(`${path.relative(root, file)} ${stat.size} ${stat.mtimeMs}`);
  };
  for (const file of paths) visit(path.join(root, file));
  return lines.join('\n');
}
