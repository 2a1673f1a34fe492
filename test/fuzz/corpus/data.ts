import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { cifarRecord, idx } from '../../support/imageFiles';
import { fixtures, sampleOf, type Sample } from './sample';

export type DataName = 'npy' | 'npz' | 'idx' | 'cifar' | 'table' | 'image';

/** Samples of every file that data is read from. */
export async function dataSamples(root: string): Promise<Readonly<Record<DataName, readonly Sample[]>>> {
  const { file } = fixtures(root);
  const images = idx(
    [4, 3, 3],
    Uint8Array.from({ length: 36 }, (_, at) => at),
  );
  const labels = idx([4], [0, 1, 2, 1]);
  const colors = idx(
    [2, 2, 2, 3],
    Uint8Array.from({ length: 24 }, (_, at) => at),
  );
  return {
    npy: ['float32', 'fortran', 'half', 'bool'].map((name) => file(`data/${name}.npy`)),
    npz: ['plain', 'packed'].map((name) => file(`data/${name}.npz`)),
    idx: [
      sampleOf('idx', 'images', { images, labels }),
      sampleOf('idx.gz', 'images', { images: gzipSync(images), labels: gzipSync(labels) }),
      sampleOf('idx in color', 'images', { images: colors, labels: idx([2], [0, 1]) }),
    ],
    cifar: [
      sampleOf('CIFAR-10', '', {
        'data_batch_1.bin': Buffer.concat([cifarRecord([3], [1, 2, 3]), cifarRecord([9], [4, 5, 6])]),
        'batches.meta.txt': Buffer.from('a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n'),
      }),
      sampleOf('CIFAR-100', '', { 'train.bin': cifarRecord([3, 77], [1, 2, 3]) }),
    ],
    table: [
      sampleOf('table', 'train.csv', {
        'train.csv': Buffer.from('path,label\na/1.png,cat\n"b, 2.png","do ""g"""\r\nc.png,cat\n'),
      }),
      sampleOf('columns', 'train.csv', { 'train.csv': Buffer.from('label;path\n1;x.png\n2;y.png\n') }),
    ],
    image: await imageSamples(),
  };
}

async function imageSamples(): Promise<readonly Sample[]> {
  const pixels = Uint8Array.from({ length: 12 * 10 * 3 }, (_, at) => (at * 37) % 256);
  const image = () => sharp(pixels, { raw: { width: 12, height: 10, channels: 3 } });
  const made = {
    'a.png': await image().png().toBuffer(),
    'a.jpg': await image().jpeg().toBuffer(),
    'a.gif': await image().gif().toBuffer(),
    'a.webp': await image().webp().toBuffer(),
    'a.tiff': await image().tiff().toBuffer(),
  };
  return Object.entries(made).map(([name, bytes]) => sampleOf(name, name, { [name]: bytes }));
}
