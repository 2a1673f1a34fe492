import { Failure } from '../core/failure';

/** An expected failure speaks for itself; anything else is a defect of ours and says so. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Failure('work', 'UNEXPECTED', `something unexpected went wrong: ${message}`, { cause: error });
}
