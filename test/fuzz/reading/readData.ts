import path from 'node:path';
import { readCifar } from '../../../src/data/cifar';
import { checkImage, decodeImage, pngOf } from '../../../src/data/decodeImage';
import { readIdxImages, readIdxLabels } from '../../../src/data/idx';
import { readNpy } from '../../../src/data/npy';
import { readNpz } from '../../../src/data/npz';
import { classesOf, readTable } from '../../../src/data/table';
import type { DataName } from '../corpus/data';
import { asFailure, type Reading } from './readModel';

/** What a training does with a file of data, up to the numbers. */
export async function readData(kind: DataName, target: string): Promise<Reading> {
  try {
    await READERS[kind](target);
    return { refusedLater: [] };
  } catch (error) {
    return { failure: asFailure(error), refusedLater: [] };
  }
}

const READERS: Readonly<Record<DataName, (target: string) => Promise<unknown>>> = {
  npy: readNpy,
  npz: (target) => readNpz(target, 'train'),
  idx: async (target) => {
    const { count } = await readIdxImages(target);
    await readIdxLabels(path.join(path.dirname(target), 'labels'), count);
  },
  cifar: (target) => readCifar(target, 'train', 'fine'),
  table: async (target) => {
    const semicolons = { delimiter: ';', header: true, columns: ['path', 'label'] as [string, string] };
    const commas = { delimiter: ',', header: true };
    const { labels } = await readTable(target, commas).catch(async (error: unknown) => {
      asFailure(error);
      return readTable(target, semicolons);
    });
    classesOf(labels);
  },
  image: async (target) => {
    await checkImage(target);
    await decodeImage(target, { height: 8, width: 8, channels: 3 });
    await pngOf(target, 16);
  },
};
