import { Failure } from '../core/failure';
import { isRegression } from '../core/plan/objective';
import type { Data } from '../core/plan/trainingData';
import { CIFAR_LAYOUT, readCifar } from './cifar';
import { readIdxImages, readIdxLabels } from './idx';
import { listImageFolder, type ImageListing } from './imageListing';
import { matchClasses, type Classifier } from './match';
import { PixelCache } from './pixelCache';
import type { ImageSize } from './pixels';
import { HeldImages, ImageFiles, type PixelSource } from './pixelSource';
import type { Targets } from './dataset';
import { classesOf, numberLabels, readTable, valuesOf, type Table } from './table';
import { t } from '../l10n/translate';

/** Every kind of data but arrays. */
export type ImageData = Exclude<Data, { kind: 'arrays' }>;
type DataOf<Kind extends Data['kind']> = Extract<Data, { readonly kind: Kind }>;

export interface ListedImages {
  /** By image. */
  readonly labels: Int32Array;
  readonly targets?: Targets;
  readonly source: PixelSource;
}

export interface ImageLists {
  /** The name of each label, by label. */
  readonly classes: readonly string[];
  readonly train: ListedImages;
  /** Left out where a share of the training images is to be kept for it. */
  readonly validation?: ListedImages;
}

/**
 * What a plan's data holds, checked against the model; no image file is opened yet.
 * @throws Failure of kind `input`
 */
export function listImages(data: ImageData, model: Classifier, size: ImageSize): Promise<ImageLists> {
  switch (data.kind) {
    case 'images':
      return listFolders(data, model, size);
    case 'table':
      return listTables(data, model, size);
    case 'idx':
      return listIdx(data, model, size);
    case 'cifar':
      return listCifar(data, model, size);
  }
}

async function listFolders(data: DataOf<'images'>, model: Classifier, size: ImageSize): Promise<ImageLists> {
  const cache = new PixelCache();
  const open = async (folder: string) => {
    const listing = await listImageFolder(folder);
    matchClasses(listing.classes.length, model, folder);
    return listing;
  };
  const listed = ({ classes }: ImageListing): ListedImages => ({
    labels: Int32Array.from(classes.flatMap(({ files }, label) => files.map(() => label))),
    source: new ImageFiles(
      classes.flatMap(({ files }) => files),
      size,
      cache,
    ),
  });
  const train = await open(data.train);
  const classes = train.classes.map(({ name }) => name);
  if (typeof data.validation === 'number') return { classes, train: listed(train) };
  const validation = await open(data.validation);
  const strange = validation.classes.findIndex(({ name }, label) => name !== classes[label]);
  if (strange >= 0) {
    throw new Failure(
      'input',
      'DATA_VALIDATION_CLASSES',
      t(
        '{0}: found the class "{1}" as number {2}, expected "{3}" as in {4}; name the class folders alike',
        data.validation,
        validation.classes[strange]?.name,
        strange,
        classes[strange],
        data.train,
      ),
      { path: data.validation },
    );
  }
  return { classes, train: listed(train), validation: listed(validation) };
}

async function listTables(data: DataOf<'table'>, model: Classifier, size: ImageSize): Promise<ImageLists> {
  const cache = new PixelCache();
  const imagesOf = ({ files }: Table) => new ImageFiles(files, size, cache);
  const train = await readTable(data.train, data);
  if (isRegression(model.loss)) return listValues(data, train, model, imagesOf);
  const classes = classesOf(train.labels);
  if (classes.length < 2) {
    throw new Failure(
      'input',
      'DATA_CLASSES',
      t('{0}: found one class, "{1}", expected at least two different labels', data.train, classes[0]),
      { path: data.train },
    );
  }
  matchClasses(classes.length, model, data.train);
  const listed = (table: Table): ListedImages => ({
    labels: numberLabels(table, classes),
    source: imagesOf(table),
  });
  if (typeof data.validation === 'number') return { classes, train: listed(train) };
  const validation = await readTable(data.validation, data);
  return { classes, train: listed(train), validation: listed(validation) };
}

/** A loss of values takes the labels for numbers, one an image. */
async function listValues(
  data: DataOf<'table'>,
  train: Table,
  { units, loss, outputLayer }: Classifier,
  imagesOf: (table: Table) => ImageFiles,
): Promise<ImageLists> {
  if (units !== 1) {
    throw new Failure(
      'input',
      'TABLE_VALUE',
      t(
        '{0}: found one label a row, the model\'s output "{1}" has {2} units; for {3}, append a Dense with 1 unit',
        data.train,
        outputLayer,
        units,
        loss,
      ),
      { path: data.train, layer: outputLayer },
    );
  }
  const listed = (table: Table): ListedImages => ({
    labels: new Int32Array(table.labels.length),
    targets: { size: 1, values: valuesOf(table) },
    source: imagesOf(table),
  });
  if (typeof data.validation === 'number') return { classes: [], train: listed(train) };
  return { classes: [], train: listed(train), validation: listed(await readTable(data.validation, data)) };
}

async function listIdx(data: DataOf<'idx'>, model: Classifier, size: ImageSize): Promise<ImageLists> {
  const open = async (files: { readonly images: string; readonly labels: string }): Promise<ListedImages> => {
    const { count, pixels, layout } = await readIdxImages(files.images);
    const labels = await readIdxLabels(files.labels, count);
    const classes = labels.reduce((most, label) => Math.max(most, label), 0) + 1;
    // A part need not hold a sample of every class; a label without a unit is an error.
    if (classes > model.classes) matchClasses(classes, model, files.labels);
    return { labels, source: new HeldImages(pixels, layout, size, [files.images, files.labels]) };
  };
  const train = await open(data);
  const classes = Array.from({ length: model.classes }, (_, label) => String(label));
  if (typeof data.validation === 'number') return { classes, train };
  return { classes, train, validation: await open(data.validation) };
}

async function listCifar(data: DataOf<'cifar'>, model: Classifier, size: ImageSize): Promise<ImageLists> {
  const open = async (part: 'train' | 'test') => {
    const { files, classes, labels, pixels } = await readCifar(data.train, part, data.labels);
    matchClasses(classes.length, model, data.train);
    return { classes, labels, source: new HeldImages(pixels, CIFAR_LAYOUT, size, files) };
  };
  const train = await open('train');
  const { classes } = train;
  return data.validation === 'test' ? { classes, train, validation: await open('test') } : { classes, train };
}
