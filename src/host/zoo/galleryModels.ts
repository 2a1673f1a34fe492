import { Failure } from '../../core/failure';
import type { GalleryModel, GalleryResult, GalleryWish } from '../../protocol/gallery';
import { bytesOf, rowOf, showPreprocess } from '../../zoo/describe';
import { cacheState } from '../../zoo/download/weightFile';
import { parseInputSize } from '../../zoo/inputSize';
import { outcomeOf } from '../../zoo/outcome';
import { yearOf } from '../../zoo/paperYear';
import { zooEntries, zooEntry } from '../../zoo/registry';
import { publishedFor, type ZooWish } from '../../zoo/zooModel';
import { t } from '../../l10n/translate';

/** Nothing is known of the cache here: the page is told of it apart, as it changes. */
const NOTHING_CACHED: ReadonlySet<string> = new Set();

/** The zoo as the gallery shows it. */
export function galleryModels(): readonly GalleryModel[] {
  return zooEntries().map((entry) => {
    const { name, family, source, parameters, bytes, input, leastInput, licence, top1, preprocess } = rowOf(
      entry,
      NOTHING_CACHED,
    );
    return {
      ...{ name, family, library: source, parameters, bytes, input, leastInput, licence },
      year: yearOf(entry) ?? null,
      top1: top1 ?? null,
      preprocess: preprocessOf(showPreprocess(preprocess)),
    };
  });
}

function preprocessOf(mode: string): GalleryModel['preprocess'] {
  return mode === 'none' || mode === 'unit' || mode === 'tf' || mode === 'caffe' || mode === 'torch'
    ? mode
    : 'own';
}

/**
 * What a page asks for, as the zoo takes it.
 * @throws Failure `ZOO_UNKNOWN`, `ZOO_INPUT_SIZE`
 */
export function wishOf({ name, includeTop, pooling, inputSize, classes, random }: GalleryWish): ZooWish {
  const entry = zooEntry(name);
  const size = parseInputSize(inputSize);
  if (!size) {
    const message = t(
      '{0}: found an input size of "{1}", expected pixels as 160, 160x128, or any',
      entry.name,
      inputSize.slice(0, 20),
    );
    throw new Failure('usage', 'ZOO_INPUT_SIZE', message);
  }
  return {
    entry,
    options: {
      includeTop,
      inputSize: size,
      ...(!includeTop && { pooling }),
      // A top that was published has its own.
      ...(includeTop && random && { classes }),
    },
    random,
  };
}

/**
 * What a wish comes to, and what of its weights is in the folder.
 * @throws Failure as `checkWish` does
 */
export async function resultOf(wish: ZooWish, folder: string): Promise<GalleryResult> {
  const published = publishedFor(wish);
  const { output, parameters, layers } = outcomeOf(wish);
  const { top } = wish.entry.weights;
  // A file with the top is fetched whole, though it is left unread.
  const numbers = published?.file === top?.file ? wish.entry.parameters : parameters;
  const file = published && { bytes: bytesOf(numbers), ...(await cacheState(folder, published)) };
  return { output: output ?? [], parameters, layers, file: file ?? null };
}
