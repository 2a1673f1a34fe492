import { homedir } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where engines are installed that do not come with the program, a folder each: `MODEL_SURGERY_ENGINES`, else
 * `model-surgery/engines` in the user's data folder.
 */
export function enginesFolder(environment: Environment = process.env): string {
  const { MODEL_SURGERY_ENGINES: own, XDG_DATA_HOME: xdg, LOCALAPPDATA: local } = environment;
  if (own) return path.resolve(own);
  // The specification of XDG has relative paths ignored.
  const data = [xdg, local].find((folder) => folder !== undefined && path.isAbsolute(folder));
  return path.join(data ?? path.join(homedir(), '.local', 'share'), 'model-surgery', 'engines');
}
