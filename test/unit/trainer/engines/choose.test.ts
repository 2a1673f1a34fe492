import { access, mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../../src/core/failure';
import type { EngineFound } from '../../../../src/protocol/engines';
import {
  chooseEngine,
  type Asked,
  type Candidate,
  type Sources,
} from '../../../../src/trainer/engines/choose';
import { readInstallation } from '../../../../src/trainer/engines/tensorflow/installation';
import { readDawn } from '../../../../src/trainer/engines/webgpu/installation';
import { temporaryFolder } from '../../../support/temporary';

type Name = EngineFound['name'];

const found = (onGpu: boolean, name: Name = 'tensorflow'): EngineFound => ({
  name,
  device: `${name} on ${onGpu ? 'GPU' : 'CPU'}`,
  onGpu,
  libraries: { TensorFlow: '2.21.0' },
});

/** Engines as they would be found, each in a folder with a library; the others are not installed. */
async function installed(engines: Partial<Record<Name, () => Promise<EngineFound>>>) {
  const root = await temporaryFolder();
  const probes: Name[] = [];
  const libraryOf = (name: Name) => path.join(root, name, 'library');
  for (const name of Object.keys(engines) as Name[]) {
    await mkdir(path.dirname(libraryOf(name)));
    await writeFile(libraryOf(name), 'binary');
  }
  const candidate = (name: Name): Candidate | undefined =>
    engines[name] && { folder: path.join(root, name), depends: [libraryOf(name)] };
  const sources: Sources = {
    installation: (name) => Promise.resolve(candidate(name)),
    probe: (name, folder) => {
      probes.push(name);
      if (name === 'wasm') return (engines.wasm ?? (() => Promise.resolve(found(false, 'wasm'))))();
      expect(folder).toBe(path.join(root, name));
      return engines[name]!();
    },
  };
  return { at: (name: Name) => ({ folder: path.join(root, name) }), libraryOf, probes, sources };
}

const works = (onGpu: boolean, name?: Name) => () => Promise.resolve(found(onGpu, name));

beforeEach(async () => vi.stubEnv('MODEL_SURGERY_ENGINES', path.join(await temporaryFolder(), 'engines')));
afterEach(() => vi.unstubAllEnvs());

const choose = (engine: Asked['engine'], sources: Sources, allowCpu = false) =>
  chooseEngine({ engine, allowCpu }, undefined, sources);

const wrong = () => Promise.reject(new Failure('work', 'ENGINE_WRONG', 'it computes wrongly'));

describe('the choice of an engine', () => {
  it('takes what comes with the program unasked', async () => {
    const { sources, probes } = await installed({});
    expect(await choose('wasm', sources)).toEqual({ engine: 'wasm', passedOver: [] });
    expect(await choose('cpu', sources)).toEqual({ engine: 'cpu', passedOver: [] });
    expect(probes).toEqual([]);
  });

  it.each([true, false])('is tensorflow for auto where it passes its probe (card: %s)', async (onGpu) => {
    const { sources, at } = await installed({ tensorflow: works(onGpu), webgpu: works(true, 'webgpu') });
    const installation = at('tensorflow');
    expect(await choose('auto', sources)).toEqual({ engine: 'tensorflow', installation, passedOver: [] });
  });

  it('is webgpu for auto where tensorflow cannot be had and webgpu has a card', async () => {
    const { sources, at } = await installed({ tensorflow: wrong, webgpu: works(true, 'webgpu') });
    expect(await choose('auto', sources)).toEqual({
      engine: 'webgpu',
      installation: at('webgpu'),
      passedOver: [{ engine: 'tensorflow', reason: 'it computes wrongly' }],
    });
  });

  it('is wasm for auto where nothing better works, and says why', async () => {
    const without = await choose('auto', (await installed({})).sources);
    expect(without.engine).toBe('wasm');
    expect(without.passedOver.map(({ engine }) => engine)).toEqual(['tensorflow', 'webgpu']);
    for (const { engine, reason } of without.passedOver)
      expect(reason).toMatch(new RegExp(`not installed .*model-surgery engines install ${engine}`));
    const { sources } = await installed({ tensorflow: wrong, webgpu: works(false, 'webgpu') });
    expect(await choose('auto', sources)).toEqual({
      engine: 'wasm',
      passedOver: [
        { engine: 'tensorflow', reason: 'it computes wrongly' },
        { engine: 'webgpu', reason: expect.stringMatching(/found webgpu on CPU, expected a graphics card/) },
      ],
    });
  });

  it('probes wasm before auto takes it, once, and fails where that is wrong too', async () => {
    const { sources, probes } = await installed({});
    await choose('auto', sources);
    await choose('auto', sources);
    expect(probes).toEqual(['wasm']);
    await access(path.join(process.env.MODEL_SURGERY_ENGINES!, 'wasm-probe.json'));
    vi.stubEnv('MODEL_SURGERY_ENGINES', await temporaryFolder());
    const broken = await installed({ wasm: wrong });
    await expect(choose('auto', broken.sources)).rejects.toMatchObject({ code: 'ENGINE_WRONG' });
  });

  it.each(['tensorflow', 'webgpu'] as const)('fails for %s by name that cannot be had', async (name) => {
    const { sources } = await installed({});
    await expect(choose(name, sources)).rejects.toMatchObject({ code: 'ENGINE_NOT_INSTALLED' });
    const ill = await installed({ [name]: wrong });
    await expect(choose(name, ill.sources)).rejects.toMatchObject({ code: 'ENGINE_WRONG' });
  });

  it.each(['tensorflow', 'webgpu'] as const)(
    'fails for %s by name without a card, unless that is allowed',
    async (name) => {
      const { sources } = await installed({ [name]: works(false, name) });
      await expect(choose(name, sources)).rejects.toMatchObject({
        kind: 'work',
        code: 'ENGINE_ON_CPU',
        message: expect.stringMatching(
          new RegExp(`${name} on CPU, expected a graphics card; say --allow-cpu`),
        ),
      });
      expect((await choose(name, sources, true)).engine).toBe(name);
      const card = await installed({ [name]: works(true, name) });
      expect((await choose(name, card.sources)).engine).toBe(name);
    },
  );

  it('lets a mistake of ours through', async () => {
    const { sources } = await installed({
      tensorflow: () => Promise.reject(new TypeError('x is undefined')),
    });
    await expect(choose('auto', sources)).rejects.toThrow(TypeError);
  });
});

describe('what a probe found', () => {
  it('is remembered until a library changes', async () => {
    const { sources, probes, libraryOf } = await installed({ tensorflow: works(true) });
    await choose('auto', sources);
    await choose('tensorflow', sources);
    expect(probes).toEqual(['tensorflow']);
    await utimes(libraryOf('tensorflow'), 1, 1);
    await choose('auto', sources);
    expect(probes).toHaveLength(2);
  });

  it('is asked again where it was a failure, or what is remembered cannot be read', async () => {
    const failing = await installed({ tensorflow: wrong });
    await expect(choose('tensorflow', failing.sources)).rejects.toThrow();
    await expect(choose('tensorflow', failing.sources)).rejects.toThrow();
    expect(failing.probes).toHaveLength(2);
    const { sources, probes, at } = await installed({ tensorflow: works(true) });
    await choose('auto', sources);
    await writeFile(path.join(at('tensorflow').folder, 'probe.json'), '{ "for": ');
    await choose('auto', sources);
    expect(probes).toHaveLength(2);
  });

  it('is asked again where Vulkan has other drivers', async () => {
    const { sources, probes } = await installed({ webgpu: works(true, 'webgpu') });
    await choose('webgpu', sources);
    vi.stubEnv('VK_DRIVER_FILES', '/another/driver.json');
    await choose('webgpu', sources);
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

  it('of WebGPU is none where nothing is, and a failure where it is broken', async () => {
    const folder = await temporaryFolder();
    expect(await readDawn(folder)).toBeUndefined();
    const place = path.join(folder, 'node_modules/webgpu');
    await mkdir(place, { recursive: true });
    await writeFile(path.join(place, 'package.json'), '{ "name": "webgpu", "version": "0.6.2" }');
    expect(await readDawn(folder)).toEqual({ folder, version: '0.6.2' });
    await writeFile(path.join(place, 'package.json'), '{ "name": "other" }');
    await expect(readDawn(folder)).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining('model-surgery engines install webgpu'),
    });
  });
});
