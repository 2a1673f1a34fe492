import { speakAsParent } from '../l10n/processLanguage';

/** The trainer's process: speaks the language of the one that started it, then serves its request. */
speakAsParent();
await import('./serve');
