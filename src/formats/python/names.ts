import type { ModelFile } from '../format';
import { text } from './literal';

/** `, {"backbone/conv": "backbone_conv"}`: what layers are called that have another name in the file; or nothing. */
export function namesArgument({ renamed }: Pick<ModelFile, 'renamed'>): string {
  return renamed && renamed.size > 0 ? `, ${dictionary([...renamed])}` : '';
}

/** A dictionary of texts, broken into lines where it has more than one. */
export function dictionary(entries: readonly (readonly [key: string, value: string])[], indent = ''): string {
  const items = entries.map(([key, value]) => `${text(key)}: ${text(value)}`);
  if (items.length < 2) return `{${items.join('')}}`;
  return `{\n${items.map((item) => `${indent}    ${item},`).join('\n')}\n${indent}}`;
}
