import { exportModel } from '../../formats/exportModel';
import { formatForPath } from '../../formats/registry';
import type { ZooStore } from '../../zoo/download/weightFile';
import { zooModel } from '../../zoo/zooModel';
import type { Carrying, ZooOrder } from './zooJobs';

/**
 * Makes a pretrained model a file: fetches its weights where they are not cached, and writes it.
 * @throws Failure as fetching and writing do; the signal's reason once aborted, and what came of a download is kept
 */
export async function makeModel(
  { wish, target }: ZooOrder,
  store: ZooStore,
  { signal, onState }: Carrying,
): Promise<void> {
  const model = await zooModel(wish, store, {
    signal,
    onProgress: (bytes, whole) => onState({ kind: 'downloading', bytes, whole: whole ?? null }),
  });
  onState({ kind: 'writing', share: 0 });
  await exportModel(model, target.path, formatForPath(target.path).name, {
    // Where the dialog has seen the name, it has asked.
    force: target.confirmed,
    signal,
    onProgress: (share) => onState({ kind: 'writing', share }),
  });
}
