import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NvidiaSmi } from '../../../src/trainer/machine/nvidiaSmi';
import { temporaryFolder } from '../../support/temporary';

const UUID = ['GPU-3f1c0000-aaaa', 'GPU-77d20000-bbbb'] as const;

/** A program of that name that says these lines and stays, alone on the PATH but for the shell's own. */
async function onPath(script: string): Promise<void> {
  const folder = await temporaryFolder();
  const program = path.join(folder, 'nvidia-smi');
  await writeFile(program, `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o755);
  const before = process.env.PATH;
  process.env.PATH = `${folder}${path.delimiter}/usr/bin${path.delimiter}/bin`;
  onTestFinished(() => void (process.env.PATH = before));
}

function ask(visible?: string): NvidiaSmi {
  const driver = new NvidiaSmi(visible);
  onTestFinished(() => driver.dispose());
  return driver;
}

/** What it asks by; none once it asks no more. */
const childOf = (driver: NvidiaSmi): unknown => Reflect.get(driver, 'child');

const says = (...lines: readonly string[]) =>
  onPath(`printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')}`);
const card = (index: 0 | 1, rest: string) => `${index}, ${UUID[index]}, NVIDIA H100 80GB, ${rest}`;
const GIB = 2 ** 30;

describe('the driver', () => {
  test('tells how busy its cards are', async () => {
    await says(card(0, '87, 5120, 81920'), card(1, '0, 1024, 81920'));
    const driver = ask();
    await expect.poll(() => driver.gpus.length).toBe(2);
    expect(driver.gpus).toEqual([
      { name: 'NVIDIA H100 80GB', load: 0.87, memoryUsed: 5 * GIB, memoryTotal: 80 * GIB },
      { name: 'NVIDIA H100 80GB', load: 0, memoryUsed: GIB, memoryTotal: 80 * GIB },
    ]);
  });

  test('leaves out what it does not know, and what is no card', async () => {
    await says('No devices were found', '0, x', card(1, '250, 1, 2, 3'), card(0, '[N/A], [N/A], 81920'));
    const driver = ask();
    await expect.poll(() => driver.gpus.length).toBe(1);
    expect(driver.gpus).toEqual([
      { name: 'NVIDIA H100 80GB', load: undefined, memoryUsed: undefined, memoryTotal: 80 * GIB },
    ]);
  });

  test.each(['1', 'GPU-77d2'])('of cards that the run can use: %s', async (visible) => {
    await says(card(0, '87, 5120, 81920'), card(1, '5, 1024, 81920'));
    const driver = ask(visible);
    await expect.poll(() => driver.gpus.map(({ load }) => load)).toEqual([0.05]);
  });

  test('is asked again and again by one child, which ends with the asking', async () => {
    await onPath(`i=0; while :; do i=$((i + 1)); echo "0, u, card, $i, $$, 9"; sleep 0.05; done`);
    const driver = ask();
    await expect.poll(() => driver.gpus[0]?.load ?? 0).toBeGreaterThan(0.02);
    const pid = (driver.gpus[0]?.memoryUsed ?? 0) / 2 ** 20;
    driver.dispose();
    await expect.poll(() => isThere(pid)).toBe(false);
  });

  test('is not there, and nothing is told', async () => {
    const folder = await temporaryFolder();
    const before = process.env.PATH;
    process.env.PATH = folder;
    onTestFinished(() => void (process.env.PATH = before));
    const driver = ask();
    expect(childOf(driver)).toBeDefined();
    await expect.poll(() => childOf(driver)).toBeUndefined();
    expect(driver.gpus).toEqual([]);
  });

  test('says a line without an end, and is asked no more', async () => {
    await onPath(`head -c 100000 /dev/zero | tr '\\0' x; exec sleep 60`);
    const driver = ask();
    expect(childOf(driver)).toBeDefined();
    await expect.poll(() => childOf(driver)).toBeUndefined();
    expect(driver.gpus).toEqual([]);
  });
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
