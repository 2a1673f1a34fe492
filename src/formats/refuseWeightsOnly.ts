import { Failure } from '../core/failure';
import type { ModelFile } from './format';
import { t } from '../l10n/translate';

/** @throws Failure `WEIGHTS_ONLY` for a file that cannot be operated on, trained or written anew */
export function refuseWeightsOnly({
  path: file,
  weightsOnly,
}: Pick<ModelFile, 'path' | 'weightsOnly'>): void {
  if (!weightsOnly) return;
  throw new Failure(
    'input',
    'WEIGHTS_ONLY',
    t(
      '{0}: found weights without an architecture, expected a whole model; its weights can be looked at, in the editor and by summary',
      file,
    ),
    { path: file },
  );
}
