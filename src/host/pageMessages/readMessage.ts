import type * as z from 'zod';
import { Failure } from '../../core/failure';
import { explainIssues } from '../../core/schema/explain';
import { t } from '../../l10n/translate';

interface Typed {
  readonly type: string;
}

/** What each message of a page must hold, by its type. The compiler sees that none is left out. */
export type MessageSchemas<Message extends Typed> = {
  readonly [Type in Message['type']]: z.ZodType<Extract<Message, { readonly type: Type }>>;
};

/** Lists in objects in lists: deeper than any edit is, and not too deep to be walked. */
const DEEPEST = 64;
/** Values in one message: rules that name each layer of the largest model are far below it. */
const MOST_VALUES = 2_000_000;

/**
 * What a page has posted, taken as a message once it is one. A page draws what files say, so its messages are
 * believed no more than the files are.
 *
 * @returns the very value that was posted
 * @throws Failure `MESSAGE_INVALID` that names the message and the field
 */
export function readMessage<Message extends Typed>(
  schemas: MessageSchemas<Message>,
  posted: unknown,
): Message {
  const type =
    typeof posted === 'object' && posted !== null ? (Reflect.get(posted, 'type') as unknown) : undefined;
  if (typeof type !== 'string' || !Object.hasOwn(schemas, type))
    throw invalid(t('a message of the type {0}, which there is not', JSON.stringify(type) ?? 'undefined'));
  if (!isBounded(posted)) throw invalid(t('the message "{0}", which is nested too deep or too large', type));
  const result = schemas[type as Message['type']].safeParse(posted);
  if (result.success) return posted as Message;
  throw invalid(t('the message "{0}": {1}', type, explainIssues(result.error.issues, posted).join('; ')));
}

function invalid(what: string): Failure {
  return new Failure('usage', 'MESSAGE_INVALID', t('the page sent {0}; nothing was done', what));
}

function isBounded(posted: unknown): boolean {
  let level: object[] = [posted as object];
  for (let depth = 0, values = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return false;
    const next: object[] = [];
    for (const value of level) {
      if (ArrayBuffer.isView(value)) continue;
      for (const inner of Object.values(value) as unknown[]) {
        if (++values > MOST_VALUES) return false;
        if (typeof inner === 'object' && inner !== null) next.push(inner);
      }
    }
    level = next;
  }
  return true;
}
