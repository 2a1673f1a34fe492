import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The descriptions of Vulkan's drivers that its loader on Linux would find, as paths of JSON files.
 * Source: Vulkan-Loader, docs/LoaderDriverInterface.md, "Driver Discovery on Linux".
 */
export async function vulkanDrivers(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<readonly string[]> {
  const given = environment.VK_DRIVER_FILES ?? environment.VK_ICD_FILENAMES;
  if (given !== undefined) return given.split(path.delimiter).filter((file) => file !== '');
  // Elsewhere WebGPU is Metal or Direct3D, which come with the system.
  if (platform !== 'linux') return [];
  const found = await Promise.all(foldersOf(environment).map(listed));
  return [...new Set(found.flat())];
}

function foldersOf({ HOME, XDG_DATA_HOME, XDG_CONFIG_DIRS, XDG_DATA_DIRS }: Environment): readonly string[] {
  const home = HOME ?? homedir();
  const bases = [
    path.join(home, '.config'),
    ...(XDG_CONFIG_DIRS ?? '/etc/xdg').split(path.delimiter),
    '/etc',
    XDG_DATA_HOME ?? path.join(home, '.local', 'share'),
    ...(XDG_DATA_DIRS ?? '/usr/local/share:/usr/share').split(path.delimiter),
  ];
  return bases.filter((base) => path.isAbsolute(base)).map((base) => path.join(base, 'vulkan', 'icd.d'));
}

async function listed(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => path.join(folder, name));
}
