import { homedir } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where features are kept for later runs: `MODEL_SURGERY_CACHE`, else `model-surgery/features` in the user's cache folder,
 * which may be emptied at any time.
 */
export function featuresFolder(environment: Environment = process.env): string {
  const { MODEL_SURGERY_CACHE: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = environment;
  if (own) return path.resolve(own);
  // The specification of XDG has relative paths ignored.
  const caches = [xdg, local].find((folder) => folder !== undefined && path.isAbsolute(folder));
  return path.join(caches ?? path.join(homedir(), '.cache'), 'model-surgery', 'features');
}
