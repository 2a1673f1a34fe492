import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** Writes arrays, each as `.npy` bytes, into one archive, as NumPy's `savez_compressed` does. */
export async function npz(file: string, arrays: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const zip = new ZipFile();
  for (const [name, bytes] of Object.entries(arrays)) zip.addBuffer(Buffer.from(bytes), `${name}.npy`);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
}
