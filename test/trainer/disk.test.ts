import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { repository } from '../support/python';
import { temporaryFolder } from '../support/temporary';
import { trainerEntry } from './workspace';

const execute = promisify(execFile);
const cli = path.join(path.dirname(trainerEntry), 'cli.js');

/** Of half a megabyte, in files that may have twenty kilobytes, or forty: shells count differently. */
const LIMITED = `trap '' XFSZ; ulimit -f 40; exec "$@"`;

it.each(['out.h5', 'out.keras', 'out.safetensors', 'out.onnx', 'out'])(
  'a system that takes no more of %s is said to, and no half of it has its name',
  async (target) => {
    const folder = await temporaryFolder();
    const model = path.join(repository, 'samples/digits-0-4.h5');
    const out = path.join(folder, target);
    const command = [process.execPath, cli, 'convert', model, '--out', out];
    const failure: unknown = await execute('sh', ['-c', LIMITED, 'sh', ...command]).then(
      () => 'written',
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      code: 1,
      stderr: `error FILE_WRITE: ${out}: cannot be written: its file would be larger than the system lets files be; raise that limit, or choose another disk\n`,
    });
    expect(await readdir(folder)).toEqual([]);
  },
);
