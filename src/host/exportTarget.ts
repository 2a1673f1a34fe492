import path from 'node:path';
import type { Format } from '../formats/format';
import { extensionsOf } from './exportChoices';
import { modelName } from './siblingFiles';

/** Where an export goes, of a place that a dialog gave. */
export interface ExportTarget {
  readonly path: string;
  /** The dialog has seen this very name, and asked where something has it. */
  readonly confirmed: boolean;
}

/** What a TF.js folder is told by. */
const TFJS_MODEL = 'model.json';

/** The name that a dialog begins with: never the model's own. */
export function suggestedName(modelPath: string, format: Format): string {
  const [extension] = extensionsOf(format);
  const name = modelName(modelPath);
  return extension === undefined ? `${name}-tfjs` : `${name}-new.${extension}`;
}

/**
 * A file's name gets its format's extension. A TF.js model is a folder, which no dialog lets people overwrite by its
 * name: the `model.json` in one stands for it.
 */
export function targetOf(chosen: string, format: Format): ExportTarget {
  const extensions = extensionsOf(format);
  const [extension] = extensions;
  if (extension === undefined) {
    return path.basename(chosen).toLowerCase() === TFJS_MODEL
      ? { path: path.dirname(chosen), confirmed: true }
      : { path: chosen, confirmed: false };
  }
  return extensions.includes(path.extname(chosen).slice(1).toLowerCase())
    ? { path: chosen, confirmed: true }
    : { path: `${chosen}.${extension}`, confirmed: false };
}
