import path from 'node:path';
import { exportModel, type ExportOptions } from '../../formats/exportModel';
import { fingerprintOf } from '../../formats/fingerprint';
import type { FormatName } from '../../formats/format';
import { writeRecipe } from '../../formats/recipeFile';
import { refuseOverwrite } from '../../formats/replaceFile';
import type { HubModel } from './hubModel';

/** `digits.h5` has `digits.surgery.json`, and a folder its own `model.surgery.json`: where the editor looks. */
export function recipeBeside(out: string, format: FormatName): string {
  const { dir, name } = path.parse(out);
  return format === 'tfjs' ? path.join(out, 'model.surgery.json') : path.join(dir, `${name}.surgery.json`);
}

/** Before a long download, what would be met after it. @throws Failure `FILE_EXISTS`, of the model and of its recipe */
export async function refuseHubOverwrite(out: string, format: FormatName, force: boolean): Promise<void> {
  await refuseOverwrite(out, force);
  await refuseOverwrite(recipeBeside(out, format), force);
}

/**
 * Writes a module as a model file, and the recipe that freezes it beside.
 * @throws Failure as `exportModel` and `writeRecipe`; the signal's reason once aborted
 */
export async function writeHubModel(
  { model, recipe }: HubModel,
  out: string,
  format: FormatName,
  options: ExportOptions,
): Promise<void> {
  await exportModel(model, out, format, options);
  await writeRecipe(recipeBeside(out, format), {
    ...recipe,
    base: { path: out, ...(await fingerprintOf(out)) },
  });
}
