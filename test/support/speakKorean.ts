import { koreanSentences } from './korean';

/** Imported before all else, it has this process speak Korean, as the extension does: modules name things when they load. */
globalThis.modelSurgeryLanguage = { sentences: koreanSentences() };
