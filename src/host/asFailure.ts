import { Failure } from '../core/failure';
import { t } from '../l10n/translate';

/** An expected failure speaks for itself; anything else is a defect of ours and says so. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Failure('work', 'UNEXPECTED', t('something unexpected went wrong: {0}', message), {
    cause: error,
  });
}
