import { Failure } from '../failure';
import { t } from '../../l10n/translate';

/** A regular expression that a recipe searches names with. @throws Failure `REGEX_INVALID` */
export function compileRegex(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (cause) {
    const reason =
      cause instanceof Error ? cause.message.replace(/^Invalid regular expression: /, '') : String(cause);
    throw new Failure('input', 'REGEX_INVALID', t('"{0}" is not a regular expression: {1}', source, reason), {
      cause,
    });
  }
}
