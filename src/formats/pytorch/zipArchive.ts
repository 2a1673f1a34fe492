import path from 'node:path';
import { Failure } from '../../core/failure';
import type { FileRange } from '../../core/graph/layerGraph';
import { openZip, type ZipFile } from '../zip/zipFile';
import { MAX_PICKLE_BYTES } from './bounds';
import { EXPORTED, isExported, refuseProgram } from './foreignArchive';
import { torchMeaning } from './meaning';
import type { TorchFile } from './torchFile';
import { refusePickleEnd, unpickle } from './pickle/unpickle';
import { t } from '../../l10n/translate';

const PICKLE = 'data.pkl';
const BYTE_ORDER = 'byteorder';

/** `little` or `big`, and room for a line feed. */
const BYTE_ORDER_BYTES = 16;

/**
 * Whether an archive is PyTorch's: what `torch.save` and TorchScript write, one folder with a data.pkl, or a program of
 * torch.export, which is refused by that name.
 */
export async function isTorchArchive(file: string): Promise<boolean> {
  const zip = await openZip(file);
  try {
    return pickleIn(zip) !== undefined || isExported(zip);
  } finally {
    zip.close();
  }
}

/**
 * Reads the archive's pickle and finds where its storages are; none is read.
 * @param use may look storages up until it is done
 * @throws Failure `ZIP_…`, `PICKLE_…`, `PYTORCH_…`
 */
export async function withTorchArchive<T>(file: string, use: (read: TorchFile) => Promise<T>): Promise<T> {
  const zip = await openZip(file);
  try {
    const pickle = pickleIn(zip);
    if (!pickle) {
      if (isExported(zip)) refuseProgram(file, EXPORTED);
      throw new Failure(
        'input',
        'NOT_A_MODEL',
        t('{0}: is a ZIP archive without a data.pkl of PyTorch', file),
        {
          path: file,
        },
      );
    }
    const folder = pickle.name.slice(0, -PICKLE.length);
    const bytes = await zip.readEntry(pickle, MAX_PICKLE_BYTES);
    const meaning = torchMeaning();
    const place = { path: file, part: pickle.name };
    const { value } = refusePickleEnd(place, bytes.length, () => unpickle(bytes, 0, meaning, place));
    const places = new Map<string, Promise<FileRange>>();
    return await use({
      value,
      foreign: meaning.foreign,
      byteOrder: await readByteOrder(zip, folder),
      placeOf({ key }) {
        const known = places.get(key) ?? rangeOf(zip, `${folder}data/${key}`);
        places.set(key, known);
        return known;
      },
    });
  } finally {
    zip.close();
  }
}

function pickleIn(zip: ZipFile) {
  return zip.entries.find(({ name }) => path.posix.basename(name) === PICKLE && name.split('/').length <= 2);
}

async function rangeOf(zip: ZipFile, name: string): Promise<FileRange> {
  const entry = zip.entry(name);
  if (entry) return zip.dataRange(entry);
  throw new Failure(
    'input',
    'PYTORCH_STORAGE',
    t(
      '{0}: found no entry "{1}", expected the numbers of a tensor there; the file is damaged',
      zip.path,
      name,
    ),
    { path: zip.path },
  );
}

/** Files before PyTorch 2.1 do not say, and come from little-endian machines. */
async function readByteOrder(zip: ZipFile, folder: string): Promise<'big' | 'little'> {
  const entry = zip.entry(`${folder}${BYTE_ORDER}`);
  if (!entry) return 'little';
  const text = new TextDecoder().decode(await zip.readEntry(entry, BYTE_ORDER_BYTES)).trim();
  if (text === 'little' || text === 'big') return text;
  throw new Failure(
    'input',
    'PYTORCH_BYTE_ORDER',
    t('{0}: {1}: found {2}, expected "little" or "big"', zip.path, entry.name, JSON.stringify(text)),
    { path: zip.path },
  );
}
