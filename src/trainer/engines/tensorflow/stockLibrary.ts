import { Failure } from '../../../core/failure';
import { requireSecure } from '../download';

/** A server that does not answer by then is asked by the package's own script, which has its own patience. */
const ASK_MS = 20_000;

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
 * Asks whether the library can be had there: the script would unpack the page that a server refuses with. Behind a proxy,
 * which the script goes through and this does not, nothing is asked.
 *
 * @throws Failure of kind `work` (`ENGINE_DOWNLOAD`) in one line; the signal's reason once aborted
 */
export async function requireStockLibrary(
  url: string,
  signal: AbortSignal,
  environment: Environment = process.env,
): Promise<void> {
  if (['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => environment[name])) return;
  const response = await fetch(url, {
    method: 'HEAD',
    signal: AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]),
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw failed(url, cause instanceof Error ? cause.message : String(cause), error);
  });
  if (!response.ok) throw failed(url, `the server answered ${response.status} ${response.statusText}`.trim());
}

function failed(url: string, reason: string, cause?: unknown): Failure {
  return new Failure(
    'work',
    'ENGINE_DOWNLOAD',
    `${url}: ${reason}; with --tensorflow PYTHON a Python's TensorFlow is used instead`,
    { cause },
  );
}
