import { readHead, statFile } from '../byteSource';
import type { Format } from '../format';
import { readH5 } from './read';
import { findSuperblock, HEAD_BYTES } from './superblock';
import { writeH5 } from './write';

/** Keras's `.h5`: one HDF5 file with configuration and weights. */
export const h5Format: Format = {
  name: 'h5',
  title: 'Keras HDF5',
  extensions: ['.h5', '.hdf5'],
  async detect(path) {
    if (!(await statFile(path)).isFile()) return false;
    return findSuperblock(await readHead(path, HEAD_BYTES)) !== undefined;
  },
  read: readH5,
  write: writeH5,
};
