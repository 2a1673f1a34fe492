import path from 'node:path';
import { Failure } from '../core/failure';
import { foldersIn, imagesIn } from './imageFiles';
import { t, tn } from '../l10n/translate';

/** A folder a class, as its names say it; no image is opened. */
export interface ImageListing {
  readonly folder: string;
  /** By label: sorted as Keras's `image_dataset_from_directory` sorts them. */
  readonly classes: readonly { readonly name: string; readonly files: readonly string[] }[];
}

export interface ImageFolderCounts {
  readonly folder: string;
  readonly classes: readonly { readonly name: string; readonly images: number }[];
}

/** Names and counts, quickly, whatever is wrong with them: for people to look at. */
export async function inspectImageFolder(folder: string): Promise<ImageFolderCounts> {
  const { classes } = await list(folder);
  return { folder, classes: classes.map(({ name, files }) => ({ name, images: files.length })) };
}

/** @throws Failure of kind `input` when there are fewer than two classes, or one of them has no image */
export async function listImageFolder(folder: string): Promise<ImageListing> {
  const listing = await list(folder);
  const { classes } = listing;
  if (classes.length < 2) {
    const loose = classes.length === 0 ? (await imagesIn(folder)).length : 0;
    const found =
      classes.length === 1
        ? t('one class folder, "{0}"', classes[0]?.name)
        : loose > 0
          ? tn(loose, 'no class folder but {0} image', 'no class folder but {0} images')
          : t('no class folder');
    throw new Failure(
      'input',
      'DATA_CLASSES',
      t('{0}: found {1}, expected at least two: a folder for each class, its images inside', folder, found),
      { path: folder },
    );
  }
  const empty = classes.find(({ files }) => files.length === 0);
  if (empty) {
    const where = path.join(folder, empty.name);
    throw new Failure(
      'input',
      'DATA_CLASS_EMPTY',
      t(
        '{0}: the class folder "{1}" has no image, expected at least one; add images or remove the folder',
        where,
        empty.name,
      ),
      { path: where },
    );
  }
  return listing;
}

async function list(folder: string): Promise<ImageListing> {
  const names = await foldersIn(folder);
  const classes = await Promise.all(
    names.map(async (name) => ({ name, files: await imagesIn(path.join(folder, name)) })),
  );
  return { folder, classes };
}
