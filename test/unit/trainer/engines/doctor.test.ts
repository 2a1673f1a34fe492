import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderEngines } from '../../../../src/cli/renderEngines';
import { Failure } from '../../../../src/core/failure';
import type { EngineName } from '../../../../src/core/plan/plan';
import type { EngineFound } from '../../../../src/protocol/engines';
import { findCards, readCards, type Cards } from '../../../../src/trainer/engines/cards';
import { examineEngines } from '../../../../src/trainer/engines/doctor';
import { enginesFolder } from '../../../../src/trainer/engines/enginesFolder';
import { temporaryFolder } from '../../../support/temporary';

const H200: Cards = { cards: readCards('NVIDIA H200, 570.86.15, 143771\n') };
const NO_CARDS: Cards = { cards: [], noCards: 'there is no nvidia-smi' };

const works = (name: EngineName, device: string, onGpu = false): EngineFound => ({
  name,
  device,
  onGpu,
  libraries: { 'TensorFlow.js': '4.22.0' },
});

const DEVICES: Readonly<Record<EngineName, string>> = {
  tensorflow: 'TensorFlow 2.21.0 on CPU',
  wasm: 'WebAssembly SIMD',
  cpu: 'JavaScript',
};

/** What the doctor says where `tensorflow` is as given, and the others work. */
async function examine(tensorflow: EngineFound | Failure, cards: Cards): Promise<string> {
  const report = await examineEngines({
    findCards: () => Promise.resolve(cards),
    probe: (name) => {
      if (name !== 'tensorflow') return Promise.resolve(works(name, DEVICES[name]));
      return tensorflow instanceof Failure ? Promise.reject(tensorflow) : Promise.resolve(tensorflow);
    },
  });
  return renderEngines({ ...report, folder: '/engines', node: 'v22.1.0' });
}

const REST = `cpu         JavaScript
            TensorFlow.js 4.22.0
`;

describe('the doctor', () => {
  it('tells of a card in use', async () => {
    expect(await examine(works('tensorflow', 'TensorFlow 2.21.0 on GPU', true), H200)).toBe(
      `tensorflow  TensorFlow 2.21.0 on GPU; auto takes it
            TensorFlow.js 4.22.0
wasm        WebAssembly SIMD
            TensorFlow.js 4.22.0
${REST}
NVIDIA H200: 140.4 GiB of memory, driver 570.86.15
Node 22.1.0; engines are installed in /engines
`,
    );
  });

  it('says what to do about a card that is not in use', async () => {
    const text = await examine(works('tensorflow', DEVICES.tensorflow), H200);
    expect(text).toContain('it does not use the graphics card');
    expect(text).toContain('pip install "tensorflow[and-cuda]"');
    // Nobody expects WebAssembly to.
    expect(text.match(/does not use/g)).toHaveLength(1);
    expect(await examine(works('tensorflow', DEVICES.tensorflow), NO_CARDS)).not.toContain('does not use');
  });

  it('says what is missing, and what auto takes then', async () => {
    const failure = new Failure('work', 'ENGINE_NOT_INSTALLED', 'install it: so and so');
    expect(await examine(failure, NO_CARDS)).toBe(
      `tensorflow  not installed
            install it: so and so
wasm        WebAssembly SIMD; auto takes it
            TensorFlow.js 4.22.0
${REST}
no NVIDIA card: there is no nvidia-smi
Node 22.1.0; engines are installed in /engines
`,
    );
  });

  it('tells a broken engine from a missing one', async () => {
    const failure = new Failure('work', 'ENGINE_UNAVAILABLE', 'libcudart.so.12: cannot open');
    expect(await examine(failure, NO_CARDS)).toContain(
      'tensorflow  does not work\n            libcudart.so.12: cannot open\n',
    );
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
