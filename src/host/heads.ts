import type { Memento } from 'vscode';
import type { HeadOptions } from '../core/surgery/head';
import { withHead, type SurgeryToEditor, type SurgeryToHost } from '../protocol/surgerySheets';

const KEY = 'heads';

/** The classification heads that were grafted last, on whatever model, to be offered again. */
export class Heads {
  constructor(private readonly memory: Pick<Memento, 'get' | 'update'>) {}

  async receive(
    message: Extract<SurgeryToHost, { readonly type: 'heads' | 'rememberHead' }>,
    post: (message: SurgeryToEditor) => void,
  ): Promise<void> {
    const known = this.memory.get<readonly HeadOptions[]>(KEY) ?? [];
    const heads = message.type === 'heads' ? known : withHead(known, message.head);
    if (heads !== known) await this.memory.update(KEY, heads);
    post({ type: 'heads', heads });
  }
}
