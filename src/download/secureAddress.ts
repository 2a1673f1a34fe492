import { Failure } from '../core/failure';
import { t } from '../l10n/translate';

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether an address is of this very machine. */
export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.has(hostname);
}

/** @throws Failure of kind `usage` (`URL_INSECURE`) for what is not HTTPS, this very machine excepted */
export function requireSecure(url: string): URL {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (cause) {
    throw new Failure(
      'usage',
      'URL_INSECURE',
      t('found "{0}", expected an address that begins with https://', url),
      { cause },
    );
  }
  if (parsed.protocol === 'https:') return parsed;
  if (parsed.protocol === 'http:' && isLoopback(parsed)) return parsed;
  throw new Failure(
    'usage',
    'URL_INSECURE',
    t('found the address {0}, expected one that begins with https://', url),
  );
}
