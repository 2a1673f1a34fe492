import { Failure } from '../../../core/failure';
import { DownloadError } from '../../../download/downloadError';
import { request } from '../../../download/request';
import { requireSecure } from '../../../download/secureAddress';
import { t } from '../../../l10n/translate';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where the package's own script takes TensorFlow's library from. Source: tfjs-node-gpu 4.22.0, scripts/install.js,
 * getPlatformLibtensorflowUri.
 *
 * @throws Failure of kind `usage` (`URL_INSECURE`) for a mirror that is not HTTPS, this very machine excepted
 */
export function stockAddress(environment: Environment = process.env, arch: string = process.arch): string {
  const given = (name: string) => environment[name] ?? environment[`npm_config_${name}`];
  const host = given('TFJS_NODE_CDN_STORAGE') ?? environment.CDN_STORAGE ?? 'https://storage.googleapis.com/';
  const base = given('TFJS_NODE_BASE_URI') ?? `${host}tensorflow/libtensorflow/libtensorflow-`;
  const url =
    arch === 'arm64'
      ? `${host}tf-builds/libtensorflow_r2_7_linux_arm64.tar.gz`
      : `${base}gpu-linux-x86_64-2.9.1.tar.gz`;
  requireSecure(url);
  return url;
}

/**
 * Asks whether the library can be had there: the script would unpack the page that a server refuses with.
 *
 * @throws Failure of kind `work` (`ENGINE_DOWNLOAD`) in one line; the signal's reason once aborted
 */
export async function requireStockLibrary(
  url: string,
  signal: AbortSignal,
  environment: Environment = process.env,
): Promise<void> {
  try {
    const { status, said, destroy } = await request(url, {
      method: 'HEAD',
      signal,
      network: { environment },
    });
    destroy();
    if (status < 200 || status > 299) throw new DownloadError('refused', t('the server answered {0}', said));
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw failed(url, error.message, error);
  }
}

function failed(url: string, reason: string, cause?: unknown): Failure {
  return new Failure(
    'work',
    'ENGINE_DOWNLOAD',
    t("{0}: {1}; with --tensorflow PYTHON a Python's TensorFlow is used instead", url, reason),
    { cause },
  );
}
