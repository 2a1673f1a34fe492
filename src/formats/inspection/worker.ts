import { speakAsParent } from '../../l10n/processLanguage';

/** The thread that reads weights: speaks the language of the one that started it, then answers. */
speakAsParent();
await import('./answer');
