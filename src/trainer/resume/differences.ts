import { t } from '../../l10n/translate';

/** Long lists and texts are told by their beginning. */
const LONGEST_SHOWN = 60;

/**
 * Where two JSON values differ, a sentence for each place: `phases.0.epochs: found 3, expected 5`. A field that is
 * `undefined` is as good as left out.
 */
export function differences(found: unknown, expected: unknown, at = ''): string[] {
  if (Object.is(found, expected)) return [];
  if (!isObject(found) || !isObject(expected) || Array.isArray(found) !== Array.isArray(expected)) {
    return [t('{0}: found {1}, expected {2}', at, show(found), show(expected))];
  }
  const keys = new Set([...Object.keys(found), ...Object.keys(expected)]);
  return [...keys].flatMap((key) =>
    differences(Reflect.get(found, key), Reflect.get(expected, key), at === '' ? key : `${at}.${key}`),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return t('nothing');
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
