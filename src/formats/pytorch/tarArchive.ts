import type { FileRange } from '../../core/graph/layerGraph';
import { t } from '../../l10n/translate';
import { damagedTar, tarEntries } from '../tar/tarEntries';

/** PyTorch's archives have four files, and a few headers of other kinds between them. */
const MAX_TAR_ENTRIES = 32;

/** What a PyTorch archive of that time holds. */
const MEMBERS = ['storages', 'tensors', 'pickle'] as const;

const DAMAGED = 'PYTORCH_TAR';

export type TarMembers = Readonly<Record<(typeof MEMBERS)[number], FileRange>>;

/** Whether a tar file holds what `torch.save` wrote before 0.1.10. */
export async function isTorchTar(path: string): Promise<boolean> {
  const entries = await listTar(path);
  return MEMBERS.every((name) => entries.has(name));
}

/** @throws Failure `PYTORCH_TAR` */
export async function membersOf(path: string): Promise<TarMembers> {
  const entries = await listTar(path);
  const member = (name: string) => {
    const range = entries.get(name);
    if (range) return range;
    const held = [...entries.keys()].slice(0, 5).join(', ') || t('nothing');
    const expected = t('one with "{0}", as PyTorch before 0.1.10 wrote it', name);
    throw damagedTar(path, DAMAGED, t('a tar archive of {0}', held), expected);
  };
  return { storages: member('storages'), tensors: member('tensors'), pickle: member('pickle') };
}

async function listTar(path: string): Promise<ReadonlyMap<string, FileRange>> {
  const entries = new Map<string, FileRange>();
  let count = 0;
  for await (const { name, type, range } of tarEntries(path, DAMAGED)) {
    const bare = name.replace(/^\.\//, '');
    if (type === 'file' && !entries.has(bare)) entries.set(bare, range);
    if (++count === MAX_TAR_ENTRIES) break;
  }
  return entries;
}
