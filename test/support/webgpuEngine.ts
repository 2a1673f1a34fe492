import { existsSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { FromTrainer } from '../../src/protocol/trainer';
import { startTrainer } from '../../src/trainer/client';
import { trainerEntry } from '../trainer/workspace';
import { repository } from './python';

/** Where Chromium and Chrome keep SwiftShader, a Vulkan driver that computes on the processor, and Vulkan's loader. */
const BROWSERS = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];
const DRIVER = 'vk_swiftshader_icd.json';
const LOADER = 'libvulkan.so.1';

/** glibc's RTLD_NODELETE, which Node has no name for. */
const KEEP_LOADED = 0x1000;

/**
 * Lets this process and its children compute with a browser's software driver, so that results depend on no card; on
 * systems other than Linux WebGPU has the system's own.
 */
function useSoftwareVulkan(): void {
  if (process.platform !== 'linux') return;
  const { CHROME_PATH } = process.env;
  const own = CHROME_PATH && existsSync(CHROME_PATH) ? [path.dirname(realpathSync(CHROME_PATH))] : [];
  const folder = [...own, ...BROWSERS].find((each) => existsSync(path.join(each, DRIVER)));
  if (folder === undefined)
    throw new Error('no Chromium with SwiftShader: run "npm run setup -- --chromium"');
  process.env.VK_DRIVER_FILES = path.join(folder, DRIVER);
  // Children find Vulkan's loader by the path; this process has read it already, so it takes the library now.
  process.env.LD_LIBRARY_PATH = [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  const { RTLD_NOW } = os.constants.dlopen;
  try {
    process.dlopen({ exports: {} }, path.join(folder, LOADER), RTLD_NOW | KEEP_LOADED);
  } catch (error) {
    // It is no module of Node, which is said after it was loaded.
    if (!/did not self-register/.test(String(error))) throw error;
  }
}

/**
 * Installs the engine as users do, from the development dependency, into a folder of engines that holds nothing else.
 * @returns what the installation said in the end
 */
export async function installTestWebgpu(engines: string): Promise<FromTrainer | undefined> {
  useSoftwareVulkan();
  process.env.MODEL_SURGERY_ENGINES = engines;
  const from = path.join(repository, 'node_modules/webgpu');
  const trainer = await startTrainer(
    { type: 'installEngine', engine: 'webgpu', from },
    { entry: trainerEntry },
  );
  const said: FromTrainer[] = [];
  trainer.onMessage((message) => said.push(message));
  await trainer.exited;
  return said.findLast(({ type }) => type === 'installed' || type === 'failed');
}
