import { Failure } from '../failure';

/** A regular expression that a recipe searches names with. @throws Failure `REGEX_INVALID` */
export function compileRegex(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (cause) {
    const reason =
      cause instanceof Error ? cause.message.replace(/^Invalid regular expression: /, '') : String(cause);
    throw new Failure('input', 'REGEX_INVALID', `"${source}" is not a regular expression: ${reason}`, {
      cause,
    });
  }
}
