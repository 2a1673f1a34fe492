import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/failure';
import type { EngineFound } from '../../../../src/protocol/engines';
import { chooseEngine, type Asked, type Sources } from '../../../../src/trainer/engines/choose';
import {
  ADDON_FILE,
  readInstallation,
  type Installation,
} from '../../../../src/trainer/engines/tensorflow/installation';
import { temporaryFolder } from '../../../support/temporary';

const found = (onGpu: boolean): EngineFound => ({
  name: 'tensorflow',
  device: `TensorFlow 2.21.0 on ${onGpu ? 'GPU' : 'CPU'}`,
  onGpu,
  libraries: { TensorFlow: '2.21.0' },
});

/** An installation's folder with the files that are looked at, and how often it was probed. */
async function installed(probe: () => Promise<EngineFound>) {
  const folder = await temporaryFolder();
  const library = path.join(folder, 'libtensorflow_cc.so.2');
  for (const file of [path.join(folder, ADDON_FILE), library]) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, 'binary');
  }
  const installation: Installation = { version: 1, source: 'python', libraries: folder, library, folder };
  const probes: string[] = [];
  const sources: Sources = {
    installation: () => Promise.resolve(installation),
    probe: (_name, where) => {
      probes.push(where);
      return probe();
    },
  };
  return { installation, probes, sources };
}

const choose = (engine: Asked['engine'], sources: Sources, allowCpu = false) =>
  chooseEngine({ engine, allowCpu }, undefined, sources);

const missing: Sources = {
  installation: () => Promise.resolve(undefined),
  probe: () => Promise.reject(new Error('nothing to probe')),
};

const wrong = () => Promise.reject(new Failure('work', 'ENGINE_WRONG', 'it computes wrongly'));

describe('the choice of an engine', () => {
  it('takes what comes with the program unasked', async () => {
    expect(await choose('wasm', missing)).toEqual({ engine: 'wasm', passedOver: [] });
    expect(await choose('cpu', missing)).toEqual({ engine: 'cpu', passedOver: [] });
  });

  it.each([true, false])('is tensorflow for auto where it passes its probe (card: %s)', async (onGpu) => {
    const { sources, installation } = await installed(() => Promise.resolve(found(onGpu)));
    expect(await choose('auto', sources)).toEqual({ engine: 'tensorflow', installation, passedOver: [] });
  });

  it('is wasm for auto where tensorflow is missing or wrong, and says why', async () => {
    const without = await choose('auto', missing);
    expect(without.engine).toBe('wasm');
    expect(without.passedOver).toHaveLength(1);
    expect(without.passedOver[0]?.engine).toBe('tensorflow');
    expect(without.passedOver[0]?.reason).toMatch(/not installed .*model-surgery engines install tensorflow/);
    const { sources } = await installed(wrong);
    expect(await choose('auto', sources)).toEqual({
      engine: 'wasm',
      passedOver: [{ engine: 'tensorflow', reason: 'it computes wrongly' }],
    });
  });

  it('fails for an engine asked for by name that cannot be had', async () => {
    await expect(choose('tensorflow', missing)).rejects.toMatchObject({ code: 'ENGINE_NOT_INSTALLED' });
    const { sources } = await installed(wrong);
    await expect(choose('tensorflow', sources)).rejects.toMatchObject({ code: 'ENGINE_WRONG' });
  });

  it('fails for tensorflow by name without a card, unless that is allowed', async () => {
    const { sources } = await installed(() => Promise.resolve(found(false)));
    await expect(choose('tensorflow', sources)).rejects.toMatchObject({
      kind: 'work',
      code: 'ENGINE_ON_CPU',
      message: expect.stringMatching(/TensorFlow 2\.21\.0 on CPU, expected a graphics card; say --allow-cpu/),
    });
    expect((await choose('tensorflow', sources, true)).engine).toBe('tensorflow');
    const card = await installed(() => Promise.resolve(found(true)));
    expect((await choose('tensorflow', card.sources)).engine).toBe('tensorflow');
  });

  it('lets a mistake of ours through', async () => {
    const { sources } = await installed(() => Promise.reject(new TypeError('x is undefined')));
    await expect(choose('auto', sources)).rejects.toThrow(TypeError);
  });
});

describe('what a probe found', () => {
  it('is remembered until a library changes', async () => {
    const { sources, probes, installation } = await installed(() => Promise.resolve(found(true)));
    await choose('auto', sources);
    await choose('tensorflow', sources);
    expect(probes).toEqual([installation.folder]);
    await utimes(installation.library, 1, 1);
    await choose('auto', sources);
    expect(probes).toHaveLength(2);
  });

  it('is asked again where it was a failure, or what is remembered cannot be read', async () => {
    const failing = await installed(wrong);
    await choose('auto', failing.sources);
    await choose('auto', failing.sources);
    expect(failing.probes).toHaveLength(2);
    const { sources, probes, installation } = await installed(() => Promise.resolve(found(true)));
    await choose('auto', sources);
    await writeFile(path.join(installation.folder, 'probe.json'), '{ "for": ');
    await choose('auto', sources);
    expect(probes).toHaveLength(2);
  });
});

describe('an installation', () => {
  it('is none where nothing is, and a failure where it is broken', async () => {
    const folder = await temporaryFolder();
    expect(await readInstallation(path.join(folder, 'none'))).toBeUndefined();
    expect(await readInstallation(folder)).toBeUndefined();
    await writeFile(path.join(folder, 'engine.json'), '{ "version": 7 }');
    await expect(readInstallation(folder)).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining('install it again'),
    });
  });
});
