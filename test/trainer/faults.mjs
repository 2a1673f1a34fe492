/**
 * Loaded into a trainer before anything else (`node --import`): ends it, or fills its disk, at a byte that does not depend on
 * how fast the machine is. `FAULTS` is JSON:
 *   killAfter: text    `signal`, or SIGKILL, once an event line that holds it has been written
 *   tearAt: text       SIGKILL in the middle of that line
 *   killIn: path       SIGKILL when half of such a file is written; `nth` counts them from one
 *   fullAt: path       ENOSPC at such a file, for as many of them as `times` says, from the `nth` on
 *   memory: bytes      what the machine says it has
 *   heap: bytes        what a WebAssembly memory grows to at most
 * Paths are parts of file names.
 */
import fs from 'node:fs';
import os from 'node:os';
import { syncBuiltinESMExports } from 'node:module';

const {
  killAfter,
  tearAt,
  killIn,
  fullAt,
  nth = 1,
  times = 1,
  signal = 'SIGKILL',
  memory,
  heap,
} = JSON.parse(process.env.FAULTS ?? '{}');
const die = () => process.kill(process.pid, 'SIGKILL');
let isSignalled = false;

const { writeSync } = fs;
fs.writeSync = (file, data, ...rest) => {
  const text = data.toString();
  if (tearAt !== undefined && text.includes(tearAt)) {
    writeSync(file, text.slice(0, text.length / 2));
    die();
  }
  const written = writeSync(file, data, ...rest);
  if (killAfter !== undefined && text.includes(killAfter) && !isSignalled) {
    isSignalled = true;
    process.kill(process.pid, signal);
  }
  return written;
};

const { open } = fs.promises;
let seen = 0;
fs.promises.open = async (file, ...rest) => {
  const handle = await open(file, ...rest);
  const isMeant = (end) => end !== undefined && String(file).includes(end) && rest[0] === 'wx';
  if (!isMeant(killIn) && !isMeant(fullAt)) return handle;
  seen++;
  const { writeFile } = handle;
  if (isMeant(killIn) && seen === nth) {
    handle.writeFile = async (data) => {
      await writeFile.call(handle, data.subarray(0, data.length / 2));
      die();
    };
  }
  if (isMeant(fullAt) && seen >= nth && seen < nth + times) {
    handle.writeFile = async () => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), {
        code: 'ENOSPC',
        syscall: 'write',
      });
    };
  }
  return handle;
};
if (memory !== undefined) os.totalmem = () => memory;
if (heap !== undefined) {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * 65536 > heap)
      throw new RangeError('WebAssembly.Memory.grow(): full');
    return grow.call(this, pages);
  };
}
syncBuiltinESMExports();
