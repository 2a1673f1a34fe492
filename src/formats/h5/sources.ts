import { H5File } from './h5File';

/** HDF5 files opened for their weights, each once, until `close`. */
export class H5Sources {
  private readonly files = new Map<string, Promise<H5File>>();

  open(path: string): Promise<H5File> {
    const known = this.files.get(path);
    if (known) return known;
    const file = H5File.open(path);
    this.files.set(path, file);
    file.catch(() => this.files.delete(path));
    return file;
  }

  async close(): Promise<void> {
    const files = [...this.files.values()];
    this.files.clear();
    for (const file of await Promise.allSettled(files)) {
      if (file.status === 'fulfilled') file.value.close();
    }
  }
}
