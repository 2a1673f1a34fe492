import { t } from '../../../l10n/translate';
/** What is wrong with a pickle; whoever runs it adds the file and the byte and makes it a `Failure`. */
export class PickleError extends Error {
  override readonly name = 'PickleError';

  constructor(
    readonly code: 'PICKLE_INVALID' | 'PICKLE_LIMIT' | 'PICKLE_FORBIDDEN' | 'PICKLE_CLASS',
    readonly found: string,
    readonly expected: string,
  ) {
    super(t('found {0}, expected {1}', found, expected));
  }
}
