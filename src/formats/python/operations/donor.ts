import type { DonorReference } from '../../../core/surgery/donors';
import type { Helper } from '../helpers';
import { namesArgument } from '../names';
import type { Setting } from './step';

/** Lines that load a donor into `donor`, its nested models taken apart as the layer graph has them. */
export function loadDonor(
  reference: DonorReference,
  setting: Setting,
): { readonly lines: readonly string[]; readonly helpers: readonly Helper[] } {
  const file = setting.donorFile(reference);
  const load = `donor = keras.saving.load_model(${setting.pathCode(file.path)}, compile=False)`;
  return file.nested
    ? { lines: [load, `donor = flatten(donor${namesArgument(file)})`], helpers: ['flatten'] }
    : { lines: [load], helpers: [] };
}
