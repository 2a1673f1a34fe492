type Environment = Readonly<Record<string, string | undefined>>;

/** VS Code's own settings of its network: `http.proxy`, `http.noProxy`, `http.proxySupport`. */
export interface ProxySettings {
  readonly proxy: string;
  readonly noProxy: readonly string[];
  readonly proxySupport: string;
}

const NAMES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'];

/** The environment as downloads are to see it: a proxy that VS Code is told of goes before the environment's. */
export function withProxySettings(
  environment: Environment,
  { proxy, noProxy, proxySupport }: ProxySettings,
): Environment {
  const none = Object.fromEntries(
    NAMES.flatMap((name) => [name, name.toLowerCase()]).map((name) => [name, '']),
  );
  if (proxySupport === 'off') return { ...environment, ...none };
  if (proxy.trim() === '') return environment;
  const exempt = noProxy.length === 0 ? {} : { NO_PROXY: '', no_proxy: noProxy.join(',') };
  return { ...environment, ...none, HTTPS_PROXY: proxy, ...exempt };
}
