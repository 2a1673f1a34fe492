import { readHead, statFile } from '../byteSource';
import type { Format, ModelFile } from '../format';
import { readH5 } from './read';
import { isWeightsIndex, openShards } from './shards';
import { findSuperblock, HEAD_BYTES } from './superblock';
import { readStoreOnly } from './weightsOnly';
import { writeH5 } from './write';

/** Keras's `.h5`: one HDF5 file with configuration and weights, or weights alone in one file or the several of an index. */
export const h5Format: Format = {
  name: 'h5',
  title: 'Keras HDF5',
  extensions: ['.h5', '.hdf5'],
  async detect(path) {
    if (!(await statFile(path)).isFile()) return false;
    if (isWeightsIndex(path)) return true;
    return findSuperblock(await readHead(path, HEAD_BYTES)) !== undefined;
  },
  read: (path) => (isWeightsIndex(path) ? readShards(path) : readH5(path)),
  write: writeH5,
};

async function readShards(index: string): Promise<ModelFile> {
  const { store, close } = await openShards(index);
  try {
    return readStoreOnly(store);
  } finally {
    close();
  }
}
