import { cp, mkdir } from 'node:fs/promises';
import { existsSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repository } from './python';

/** Where Chromium and Chrome keep SwiftShader, a Vulkan driver that computes on the processor, and Vulkan's loader. */
const BROWSERS = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];
const DRIVER = 'vk_swiftshader_icd.json';
const LOADER = 'libvulkan.so.1';

/** glibc's RTLD_NODELETE, which Node has no name for. */
const KEEP_LOADED = 0x1000;

/**
 * Puts Dawn where users have it, from the development dependency, and lets this process and its children compute with
 * the browser's software driver, so that results do not depend on the card at hand.
 * @returns the folder of the engine
 */
export async function installTestWebgpu(): Promise<string> {
  useSoftwareVulkan();
  process.env.MODEL_SURGERY_ENGINES = path.join(repository, '.cache/engines');
  const folder = path.join(repository, '.cache/engines/webgpu');
  const place = path.join(folder, 'node_modules/webgpu');
  const system = `dist/${process.platform}-${process.arch}`;
  await mkdir(path.join(place, 'dist'), { recursive: true });
  for (const part of ['package.json', 'index.js', system])
    await cp(path.join(repository, 'node_modules/webgpu', part), path.join(place, part), { recursive: true });
  return folder;
}

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
