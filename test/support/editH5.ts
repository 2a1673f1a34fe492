import type { File } from 'h5wasm/node';
import { allowFile, loadH5 } from '../../src/formats/h5/library';

/** Changes an HDF5 file where it lies. */
export async function editH5(file: string, edit: (h5: File) => void): Promise<void> {
  const library = await loadH5();
  const forbid = allowFile(file);
  try {
    const h5 = new library.File(file, 'a');
    edit(h5);
    h5.close();
  } finally {
    forbid();
  }
}
