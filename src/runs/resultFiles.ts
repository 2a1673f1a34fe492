import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { RunEvent } from '../core/run/events';
import { t } from '../l10n/translate';

export interface ResultFile {
  /** Absolute where the run's folder is. */
  readonly path: string;
  /** People move and delete such files. */
  readonly exists: boolean;
}

/** The models that a run says it wrote, the best to open first. A run writes into its own folder: other places are made up. */
export async function resultFiles(
  folder: string,
  events: readonly RunEvent[],
): Promise<readonly ResultFile[]> {
  const last = events.at(-1);
  if (last?.type !== 'end') return [];
  return Promise.all(
    last.model.filter(isBelow).map(async (name) => {
      const file = path.join(folder, name);
      return { path: file, exists: (await stat(file).catch(() => undefined)) !== undefined };
    }),
  );
}

function isBelow(name: string): boolean {
  const [first] = path.normalize(name).split(path.sep);
  return first !== '..' && !path.isAbsolute(name);
}

/** A problem for each model that a run says it wrote and that is not there any more. */
export async function missingResults(
  folder: string,
  events: readonly RunEvent[],
): Promise<readonly { readonly message: string }[]> {
  const results = await resultFiles(folder, events);
  return results
    .filter(({ exists }) => !exists)
    .map((file) => ({ message: t('{0}: the model that the run wrote is not there any more', file.path) }));
}
