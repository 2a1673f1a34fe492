/**
 * The script that lets a page speak a language, from its first module on: it goes before that. No sentence may end the
 * script it is in.
 */
export function settingLanguage(sentences: Readonly<Record<string, string>>): string {
  const literal = JSON.stringify({ sentences }).replaceAll('<', '\\u003c');
  return `globalThis.modelSurgeryLanguage=${literal}`;
}
