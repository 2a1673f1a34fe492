import path from 'node:path';
import { Failure } from '../../core/failure';
import { statFile } from '../../formats/byteSource';
import { plain } from './hubAddress';
import { notAModule } from './fetchShards';
import { readHubNote } from './hubNote';
import { t } from '../../l10n/translate';

/** A module on this machine. */
export interface HubModule {
  /** What its layers are grouped under. */
  readonly name: string;
  /** A SavedModel, or a TensorFlow.js model. */
  readonly folder: string;
}

/** What is in the folder of a module. */
const MODULE_FILES = ['saved_model.pb', 'model.json'];

export async function isModuleFolder(folder: string): Promise<boolean> {
  for (const name of MODULE_FILES) {
    const found = await statFile(path.join(folder, name)).catch(() => undefined);
    if (found?.isFile()) return true;
  }
  return false;
}

/**
 * The module in a folder, called as it was fetched, else as its folder is.
 * @param given the folder, or the file in it that describes the model
 * @throws Failure `FILE_MISSING`, `HUB_NOT_A_MODULE`
 */
export async function moduleAt(given: string): Promise<HubModule> {
  const stats = await statFile(given);
  const isFile = stats.isFile() && MODULE_FILES.includes(path.basename(given));
  const folder = path.resolve(isFile ? path.dirname(given) : given);
  if (!(await isModuleFolder(folder))) throw notAModule(given, stats.isFile() ? t('a file') : t('a folder'));
  const note = await readHubNote(folder);
  const name = note?.name ?? plain(path.basename(folder));
  if (name !== '') return { name, folder };
  throw new Failure(
    'input',
    'HUB_NAME',
    t('{0}: found a folder whose name has no letters, expected one', given),
    {
      path: given,
    },
  );
}
