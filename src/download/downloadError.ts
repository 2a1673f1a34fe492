import { t } from '../l10n/translate';
/**
 * Why a file did not come. `offline`: no way to the server; `refused`: the server, or a proxy, said no; `cut`: the
 * connection ended early or nothing came any more; `unlike`: what came is not what was asked for.
 */
export type DownloadProblem = 'offline' | 'refused' | 'cut' | 'unlike';

/** A download that failed, in words that a `Failure` of whoever wanted it takes over. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';

  constructor(
    readonly problem: DownloadProblem,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/** What systems say where there is no way to a server. */
const NO_WAY: Readonly<Record<string, string>> = {
  ENOTFOUND: t('the name of the server is not found'),
  EAI_AGAIN: t('the name of the server cannot be looked up'),
  ECONNREFUSED: t('nobody answers there'),
  ENETUNREACH: t('the network cannot be reached'),
  ENETDOWN: t('the network is down'),
  EHOSTUNREACH: t('the server cannot be reached'),
  ETIMEDOUT: t('the server does not answer'),
};

/** Of an error that Node's sockets gave. */
export function connectionError(error: unknown): DownloadError {
  if (error instanceof DownloadError) return error;
  // Where a name has several addresses, Node tells of each of them.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && 'code' in first ? String(first.code) : '';
  const way = NO_WAY[code];
  if (way !== undefined) return new DownloadError('offline', `${way} (${code})`, error);
  const said = [first instanceof Error ? first.message : String(first), code].find((text) => text !== '');
  return new DownloadError('cut', said ?? t('the connection failed'), error);
}
