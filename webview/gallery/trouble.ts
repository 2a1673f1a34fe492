import type { GalleryProblem } from '../../src/protocol/gallery';
import { t } from '../../src/l10n/translate';

export type TroubleAction = 'again' | 'showCached' | 'mirror' | 'proxy' | 'trust' | 'log';

export interface Trouble {
  readonly title: string;
  /** The first is what helps most. */
  readonly actions: readonly TroubleAction[];
}

export const ACTION_WORDS: Readonly<
  Record<TroubleAction, { readonly label: string; readonly icon: string }>
> = {
  again: { label: t('Try again'), icon: 'refresh' },
  showCached: { label: t('Show downloaded models'), icon: 'pass' },
  mirror: { label: t('Set a mirror…'), icon: 'server' },
  proxy: { label: t('Proxy settings…'), icon: 'globe' },
  trust: { label: t('Trust this workspace…'), icon: 'shield' },
  log: { label: t('Show log'), icon: 'output' },
};

/** What a job's problem is called, and what can be done about it. */
export function troubleOf({ code, message }: GalleryProblem): Trouble {
  switch (code) {
    case 'ZOO_OFFLINE':
      return {
        title: t('No way to the server'),
        actions: ['again', 'showCached', 'mirror', 'proxy'],
      };
    case 'ZOO_INTEGRITY':
      return {
        title: t('Not the file that was published; it was thrown away'),
        actions: ['again', 'mirror'],
      };
    case 'ZOO_DOWNLOAD':
      // The message is in the reader's language.
      return /\b407\b|proxy/i.test(message) || message.includes(t('proxy'))
        ? { title: t('The proxy refused'), actions: ['proxy', 'again'] }
        : { title: t('The download did not come to its end'), actions: ['again', 'mirror'] };
    case 'PROXY_ADDRESS':
      return { title: t('The proxy has no usable address'), actions: ['proxy', 'again'] };
    case 'URL_INSECURE':
      return { title: t('The address is not a safe one'), actions: ['mirror', 'again'] };
    case 'ZOO_OFF':
      return { title: t('Downloads are off'), actions: ['trust', 'again'] };
    default:
      return { title: t('It could not be made'), actions: ['again', 'log'] };
  }
}
