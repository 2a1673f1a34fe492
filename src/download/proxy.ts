import { Failure } from '../core/failure';
import { isLoopback } from './secureAddress';
import { t } from '../l10n/translate';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy's address for an address to be fetched, by the environment variables that curl, npm and VS Code share; none for
 * this very machine and for what `NO_PROXY` names.
 *
 * Source of the order: microsoft/vscode-proxy-agent, src/index.ts, proxyFromConfigURL's neighbours: for HTTPS the proxy
 * for HTTP serves where no other is given.
 *
 * @throws Failure of kind `usage` (`PROXY_ADDRESS`) for a proxy that is no HTTP proxy
 */
export function proxyFor(url: URL, environment: Environment): URL | undefined {
  if (isLoopback(url) || isExempt(url, given(environment, 'NO_PROXY'))) return undefined;
  const name = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'].find((each) => given(environment, each) !== '');
  if (name === undefined) return undefined;
  const address = given(environment, name);
  const proxy = parse(address);
  if (proxy) return proxy;
  throw new Failure(
    'usage',
    'PROXY_ADDRESS',
    // Without what may be a password.
    t(
      '{0}: found "{1}", expected the address of a proxy as http://host:port or https://host:port',
      name,
      address.replace(/\/\/[^@/]*@/, '//'),
    ),
  );
}

/** In small letters or capitals, as programs do; the small ones go first, as curl has it. */
function given(environment: Environment, name: string): string {
  return (environment[name.toLowerCase()] || environment[name] || '').trim();
}

function parse(address: string): URL | undefined {
  // "proxy.example:3128" is what many people write.
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  try {
    const url = new URL(text);
    return ['http:', 'https:'].includes(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

/** `*`, or hosts and domains: `example.com` and `.example.com` stand for what is below them too; a port may follow. */
function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  const host = hostname.toLowerCase();
  const ownPort = port || (protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = '', onPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (onPort !== undefined && onPort !== ownPort) return false;
      const bare = name.replace(/^\*?\./, '');
      return host === bare || host.endsWith(`.${bare}`);
    });
}
