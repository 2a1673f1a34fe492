import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderEngines } from '../../../../src/protocol/renderEngines';
import { Failure } from '../../../../src/core/failure';
import type { EngineName } from '../../../../src/core/plan/plan';
import type { EngineFound } from '../../../../src/protocol/engines';
import { findCards, readCards, type Cards } from '../../../../src/trainer/engines/cards';
import { examineEngines } from '../../../../src/trainer/engines/doctor';
import { vulkanDrivers } from '../../../../src/trainer/engines/vulkan';
import { enginesFolder } from '../../../../src/trainer/engines/enginesFolder';
import { temporaryFolder } from '../../../support/temporary';

const GIBIBYTE = 1024 ** 3;
const H200: Cards = { cards: readCards('NVIDIA H200, 570.86.15, 143771, 140000\n') };
const NO_CARDS: Cards = { cards: [], noCards: 'there is no nvidia-smi' };
const MISSING = new Failure('work', 'ENGINE_NOT_INSTALLED', 'install it: so and so');

const works = (name: EngineName, device: string, onGpu = false): EngineFound => ({
  name,
  device,
  onGpu,
  libraries: { 'TensorFlow.js': '4.22.0' },
});

const DEVICES: Readonly<Record<EngineName, string>> = {
  tensorflow: 'TensorFlow 2.21.0 on CPU',
  webgpu: 'WebGPU on SwiftShader',
  wasm: 'WebAssembly SIMD',
  cpu: 'JavaScript',
};

/** What the doctor says where engines are as given, and the others work on the processor. */
async function examine(
  engines: Partial<Record<EngineName, EngineFound | Failure>>,
  cards: Cards,
  vulkan: readonly string[] = [],
): Promise<string> {
  const report = await examineEngines({
    findCards: () => Promise.resolve(cards),
    findVulkan: () => Promise.resolve(vulkan),
    memory: () => ({ total: 16 * GIBIBYTE, free: 8 * GIBIBYTE }),
    probe: (name) => {
      const found = engines[name] ?? works(name, DEVICES[name]);
      return found instanceof Failure ? Promise.reject(found) : Promise.resolve(found);
    },
  });
  return renderEngines({ ...report, folder: '/engines', node: 'v22.1.0' });
}

const MACHINE = 'TensorFlow.js 4.22.0, 8.0 GiB of 16.0 GiB free';

describe('the doctor', () => {
  it('tells of a card in use', async () => {
    const found = {
      tensorflow: works('tensorflow', 'TensorFlow 2.21.0 on GPU', true),
      webgpu: works('webgpu', 'WebGPU on NVIDIA H200', true),
    };
    expect(await examine(found, H200, ['/etc/vulkan/icd.d/nvidia_icd.json'])).toBe(
      `tensorflow  TensorFlow 2.21.0 on GPU; auto takes it
            TensorFlow.js 4.22.0, driver 570.86.15, 136.7 GiB of 140.4 GiB free
webgpu      WebGPU on NVIDIA H200
            TensorFlow.js 4.22.0, driver 570.86.15, 136.7 GiB of 140.4 GiB free
wasm        WebAssembly SIMD
            ${MACHINE}
cpu         JavaScript
            ${MACHINE}

NVIDIA H200: 136.7 GiB of 140.4 GiB free, driver 570.86.15
Vulkan: /etc/vulkan/icd.d/nvidia_icd.json
Node 22.1.0; engines are installed in /engines
`,
    );
  });

  it('says what to do about a card that is not in use', async () => {
    const text = await examine({}, H200);
    expect(text).toContain('it does not use the graphics card: its TensorFlow has no CUDA');
    expect(text).toContain('to do: in a Python environment, pip install "tensorflow[and-cuda]"');
    expect(text).toContain('it does not use the graphics card: Vulkan has no driver');
    // Nobody expects WebAssembly to.
    expect(text.match(/does not use/g)).toHaveLength(2);
    expect(await examine({}, NO_CARDS)).not.toContain('does not use');
  });

  it('says what is missing, what to do, and what auto takes then', async () => {
    expect(await examine({ tensorflow: MISSING, webgpu: MISSING }, NO_CARDS)).toBe(
      `tensorflow  not installed
            install it: so and so
            to do: model-surgery engines install tensorflow
webgpu      not installed
            install it: so and so
            to do: model-surgery engines install webgpu
wasm        WebAssembly SIMD; auto takes it
            ${MACHINE}
cpu         JavaScript
            ${MACHINE}

no NVIDIA card: there is no nvidia-smi
Node 22.1.0; engines are installed in /engines
`,
    );
  });

  it('takes webgpu for auto where it has a card alone', async () => {
    expect(await examine({ tensorflow: MISSING }, NO_CARDS)).toContain('wasm        WebAssembly SIMD; auto');
    const webgpu = works('webgpu', 'WebGPU on a card', true);
    expect(await examine({ tensorflow: MISSING, webgpu }, NO_CARDS)).toContain(
      'webgpu      WebGPU on a card; auto',
    );
  });

  it('tells a broken engine from a missing one', async () => {
    const tensorflow = new Failure('work', 'ENGINE_UNAVAILABLE', 'libcudart.so.12: cannot open');
    expect(await examine({ tensorflow }, NO_CARDS)).toContain(
      'tensorflow  does not work\n            libcudart.so.12: cannot open\n' +
        '            to do: model-surgery engines install tensorflow\n',
    );
    const webgpu = new Failure('work', 'ENGINE_NEEDS_NODE', 'found Electron');
    expect(await examine({ webgpu }, NO_CARDS)).toContain('to do: install Node 20.15 or later, and name it');
  });

  it.runIf(process.platform === 'linux')('tells what Vulkan lacks', async () => {
    const webgpu = new Failure('work', 'ENGINE_UNAVAILABLE', 'no card');
    expect(await examine({ webgpu }, NO_CARDS)).toContain('to do: install a Vulkan driver: apt-get install');
    expect(await examine({ webgpu }, NO_CARDS, ['/a.json'])).toContain(
      'to do: model-surgery engines install webgpu',
    );
  });
});

describe("Vulkan's drivers", () => {
  it('are those that the environment names, or what its folders describe', async () => {
    expect(await vulkanDrivers({ VK_ICD_FILENAMES: '/a.json' }, 'linux')).toEqual(['/a.json']);
    expect(await vulkanDrivers({ VK_DRIVER_FILES: '/b.json', VK_ICD_FILENAMES: '/a.json' }, 'linux')).toEqual(
      ['/b.json'],
    );
    const home = await temporaryFolder();
    const folder = path.join(home, '.local/share/vulkan/icd.d');
    await mkdir(folder, { recursive: true });
    for (const name of ['nvidia_icd.json', 'notes.txt']) await writeFile(path.join(folder, name), '{}');
    expect(await vulkanDrivers({ HOME: home, XDG_DATA_DIRS: '', XDG_CONFIG_DIRS: '' }, 'linux')).toContain(
      path.join(folder, 'nvidia_icd.json'),
    );
    expect(await vulkanDrivers({ HOME: home }, 'darwin')).toEqual([]);
  });
});

describe('graphics cards', () => {
  it('are read a line each', () => {
    expect(readCards('A, 1.2, 1024\nB, 1.2, [N/A]\n\n')).toEqual([
      { name: 'A', driver: '1.2', memory: 1024 ** 3 },
      { name: 'B', driver: '1.2', memory: 0 },
    ]);
  });

  it('are none, with the reason, where the driver is missing, ill or without one', async () => {
    const folder = await temporaryFolder();
    const program = async (name: string, script: string) => {
      const file = path.join(folder, name);
      await writeFile(file, `#!/bin/sh\n${script}\n`);
      await chmod(file, 0o755);
      return findCards(file);
    };
    expect((await findCards(path.join(folder, 'none'))).noCards).toMatch(/^there is no .*none, which comes/);
    expect(await program('ill', 'echo "Failed to initialize NVML: Driver mismatch"; exit 18')).toEqual({
      cards: [],
      noCards: `${path.join(folder, 'ill')} failed: Failed to initialize NVML: Driver mismatch`,
    });
    expect((await program('empty', 'exit 0')).noCards).toMatch(/tells of no card$/);
  });
});

describe('the folder of engines', () => {
  it.each([
    [{ MODEL_SURGERY_ENGINES: '/own', XDG_DATA_HOME: '/data' }, '/own'],
    [{ XDG_DATA_HOME: '/data' }, '/data/model-surgery/engines'],
  ])('is what %j says', (environment, expected) => {
    expect(enginesFolder(environment)).toBe(expected);
  });

  it('is in the home folder where nothing is said, or nothing absolute', () => {
    expect(enginesFolder({ XDG_DATA_HOME: 'data' })).toBe(enginesFolder({}));
    expect(enginesFolder({})).toMatch(/\.local\/share\/model-surgery\/engines$/);
  });
});
