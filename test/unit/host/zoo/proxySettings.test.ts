import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../../../src/download/proxy';
import { withProxySettings } from '../../../../src/host/zoo/proxySettings';

const proxyOf = (
  environment: Readonly<Record<string, string>>,
  settings: { readonly proxy?: string; readonly noProxy?: readonly string[]; readonly proxySupport?: string },
) =>
  proxyFor(
    new URL('https://files.example/a.h5'),
    withProxySettings(environment, { proxy: '', noProxy: [], proxySupport: 'override', ...settings }),
  )?.host;

describe("VS Code's settings of its network", () => {
  const environment = { https_proxy: 'http://environment.example' };

  it.each([
    [{}, 'environment.example'],
    [{ proxy: 'http://settings.example:3128' }, 'settings.example:3128'],
    [{ proxy: 'http://settings.example', noProxy: ['.example'] }, undefined],
    [{ proxy: 'http://settings.example', noProxy: ['other.example'] }, 'settings.example'],
    [{ proxy: 'http://settings.example', proxySupport: 'off' }, undefined],
  ])('%j go before the environment: %s', (settings, expected) => {
    expect(proxyOf(environment, settings)).toBe(expected);
  });
});
