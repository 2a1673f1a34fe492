import { homedir } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where downloaded weights are kept, for all workspaces of a user: `MODEL_SURGERY_ZOO`, else `model-surgery/zoo` in the
 * place that the system has for what can be fetched again.
 */
export function zooFolder(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const { MODEL_SURGERY_ZOO: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = environment;
  if (own) return path.resolve(own);
  // The specification of XDG has relative paths ignored.
  const given = [xdg, local].find((folder) => folder !== undefined && path.isAbsolute(folder));
  const usual = platform === 'darwin' ? path.join('Library', 'Caches') : '.cache';
  return path.join(given ?? path.join(homedir(), usual), 'model-surgery', 'zoo');
}
