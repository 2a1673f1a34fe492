import type { Failure } from '../../core/failure';
import type { HostToEditor } from '../../protocol/editor';

/** What the editor's page hears of a message that cannot be carried out: a preview the answer that it waits for. */
export function refusalOf(posted: unknown, { code, message }: Failure): HostToEditor {
  const { type, request }: { readonly type?: unknown; readonly request?: unknown } = Object(posted);
  return type === 'preview' && typeof request === 'number'
    ? { type: 'previewed', request, problem: { code, message } }
    : { type: 'refused', code, message };
}
