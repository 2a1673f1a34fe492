import { readFileSync } from 'node:fs';

/** Names the file of sentences to a child process or thread. */
const VARIABLE = 'MODEL_SURGERY_SENTENCES';

/** What a child's environment is given, so that it speaks as this process does. */
export function languageEnvironment(): Readonly<Record<string, string>> {
  const file = globalThis.modelSurgeryLanguage?.file;
  return file === undefined ? {} : { [VARIABLE]: file };
}

/** Speaks as the process that started this one, before anything else is loaded; English where that cannot be read. */
export function speakAsParent(): void {
  const file = process.env[VARIABLE];
  if (file === undefined) return;
  try {
    const sentences = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
    globalThis.modelSurgeryLanguage = { sentences, file };
  } catch {
    // Words are no reason to end a run.
  }
}
