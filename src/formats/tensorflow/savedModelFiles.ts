import path from 'node:path';
import { isFile } from '../byteSource';

export const SAVED_MODEL_FILE = 'saved_model.pb';

/** The index of a SavedModel's variables, beside its graph. */
export const VARIABLES_INDEX = path.join('variables', 'variables.index');

/**
 * The files that make a SavedModel what it is: its graph, and the index of its variables where it has some.
 * @param given its folder, or the file of its graph
 * @returns undefined for what is no SavedModel
 */
export async function savedModelFiles(given: string): Promise<readonly string[] | undefined> {
  const graph = path.basename(given) === SAVED_MODEL_FILE ? given : path.join(given, SAVED_MODEL_FILE);
  if (!(await isFile(graph))) return undefined;
  const index = path.join(path.dirname(graph), VARIABLES_INDEX);
  return (await isFile(index)) ? [graph, index] : [graph];
}
