import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Failure } from '../../core/failure';
import { DownloadError } from '../../download/downloadError';
import { fetchFile } from '../../download/fetchFile';
import type { Installing } from './installBeside';
import { t } from '../../l10n/translate';

/** Told in steps of so much: a line a step is enough for people. */
const STEP = 0.1;
const MEBIBYTE = 1024 * 1024;

export interface Download {
  readonly url: string;
  readonly file: string;
  /** What the file must be, as npm writes it: `sha512-` and base64. */
  readonly integrity: string;
  /** Bytes; more is not what was asked for. */
  readonly longest: number;
  /** What to do where it cannot be had, behind a reason. */
  readonly otherwise: string;
}

/**
 * Fetches a file over HTTPS, through the proxy that the environment names, and checks what came.
 * @throws Failure of kind `work` (`ENGINE_DOWNLOAD`, `ENGINE_INTEGRITY`) in one line; the signal's reason once aborted
 */
export async function download(
  { url, file, integrity, longest, otherwise }: Download,
  { tell, signal }: Installing,
): Promise<void> {
  let told = 0;
  const onProgress = (bytes: number, whole: number | undefined) => {
    if (whole === undefined || bytes / whole < told + STEP) return;
    told = Math.floor(bytes / whole / STEP) * STEP;
    tell(t('downloaded {0} % of {1} MiB', Math.round(told * 100), (whole / MEBIBYTE).toFixed(0)));
  };
  try {
    const network = { environment: process.env };
    await fetchFile({ url, longest }, file, { signal, network, onProgress });
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw new Failure('work', 'ENGINE_DOWNLOAD', `${url}: ${error.message}; ${otherwise}`, { cause: error });
  }
  requireIntegrity(url, await integrityOf(file, signal), integrity);
}

/** What a file is, as npm writes it. */
export async function integrityOf(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(file, { signal })) hash.update(chunk as Buffer);
  return `sha512-${hash.digest('base64')}`;
}

/** @throws Failure of kind `work` (`ENGINE_INTEGRITY`) */
export function requireIntegrity(where: string, found: string, expected: string): void {
  if (found === expected) return;
  throw new Failure(
    'work',
    'ENGINE_INTEGRITY',
    t(
      '{0}: found a file of {1}, expected {2}; it is damaged or another one, and was not used',
      where,
      found,
      expected,
    ),
  );
}
