import { t } from '../l10n/translate';

/** Names for a message: the first few, and how many more there are. */
export function listFew(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? t('{0} and {1} more', shown, names.length - most) : shown;
}
