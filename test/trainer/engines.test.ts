import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { EnginesReport } from '../../src/protocol/engines';
import { temporaryFolder } from '../support/temporary';
import { trainerEntry } from './workspace';

const CLI = path.join(path.dirname(trainerEntry), 'cli.js');

/** Runs `model-surgery engines …` where no engine is installed. */
async function engines(folder: string, ...argv: readonly string[]) {
  const env = { ...process.env, MODEL_SURGERY_ENGINES: folder };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [CLI, 'engines', ...argv], {
      env,
    });
    return { status: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, stdout, stderr };
  }
}

describe('model-surgery engines', () => {
  it('probes what there is and says what there is not', async () => {
    const folder = path.join(await temporaryFolder(), 'none');
    const { status, stdout, stderr } = await engines(folder, '--json');
    expect([status, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout) as EnginesReport;
    expect(report).toMatchObject({ auto: 'wasm', folder, node: process.version });
    expect(report.engines.map(({ name, status: is }) => [name, is])).toEqual([
      ['tensorflow', 'missing'],
      ['webgpu', 'missing'],
      ['wasm', 'works'],
      ['cpu', 'works'],
    ]);
    expect(report.engines[0]?.reason).toContain('model-surgery engines install tensorflow');
    expect(report.engines[1]?.advice).toBe('model-surgery engines install webgpu');
    expect(report.engines[2]?.found?.device).toBe('WebAssembly SIMD');
    const { total = 0, free = 0 } = report.engines[2]?.memory ?? {};
    expect([total > free, free > 0]).toEqual([true, true]);
    expect((await engines(folder)).stdout).toMatch(
      /^tensorflow {2}not installed\n[^]*\nwasm .*auto takes it\n/,
    );
  });

  it.each([
    [['install', 'gpu'], 2, /^error ENGINE_UNKNOWN: /],
    [['install', 'wasm'], 2, /^error ENGINE_EMBEDDED: /],
    [['install'], 2, /^error OPERAND: /],
    [['--tensorflow', 'x'], 2, /^error OPTION_VALUE: /],
    [['--from', 'x'], 2, /^error OPTION_VALUE: /],
    [['install', 'webgpu', '--tensorflow', 'x'], 2, /^error OPTION_VALUE: --tensorflow goes with/],
    [['install', 'tensorflow', '--from', 'x'], 2, /^error OPTION_VALUE: --from goes with/],
    [
      ['install', 'webgpu', '--from', '/no/such.tgz'],
      3,
      /^error ENGINE_PACKAGE: \/no\/such\.tgz: found nothing/,
    ],
    [['install', 'webgpu', '--from', CLI], 1, /^error ENGINE_INTEGRITY: .*cli\.js: found a file of sha512-/],
    [['install', 'webgpu', '--from', path.dirname(CLI)], 3, /^error ENGINE_PACKAGE: .*no package\.json/],
    [['install', 'tensorflow', '--tensorflow', '/no/such/python'], 3, /^error PYTHON_MISSING: \/no\/such/],
    [['install', 'tensorflow', '--tensorflow', process.execPath], 3, /^error PYTHON_MISSING: /],
  ] as const)('%j is one line of error, and installs nothing', async (argv, status, expected) => {
    const folder = await temporaryFolder();
    const ended = await engines(folder, ...argv);
    expect([ended.status, ended.stdout]).toEqual([status, '']);
    expect(ended.stderr).toMatch(expected);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });
});
