import { Failure } from '../core/failure';
import type { LayerGraph } from '../core/graph/layerGraph';
import type { FormatName } from '../formats/format';
import type { ModelToExport } from '../formats/exportModel';
import { openModel } from '../formats/registry';
import type { PublishedWeights, ZooEntry, ZooOptions } from './architecture';
import { weightFile, type Getting, type ZooStore } from './download/weightFile';
import { takeWeights } from './takeWeights';
import { t } from '../l10n/translate';

/** What somebody wants of an entry. */
export interface ZooWish {
  readonly entry: ZooEntry;
  readonly options: ZooOptions;
  /** From initializers instead of published weights: nothing is fetched. */
  readonly random: boolean;
}

/**
 * The file of weights that a wish is for; none for random ones.
 * @throws Failure `ZOO_UNPUBLISHED`
 */
export function publishedFor({ entry, options, random }: ZooWish): PublishedWeights | undefined {
  if (random) return undefined;
  const { top, noTop } = entry.weights;
  // A state dict names its weights: those of the top are left unread.
  const wanted =
    options.includeTop === false ? (noTop ?? (entry.source === 'torchvision' ? top : undefined)) : top;
  if (wanted) return wanted;
  throw new Failure(
    'usage',
    'ZOO_UNPUBLISHED',
    options.includeTop === false
      ? t(
          '{0}: no weights without the top are published; choose the other one, or begin with random weights',
          entry.name,
        )
      : t(
          '{0}: no weights with the top are published; choose the other one, or begin with random weights',
          entry.name,
        ),
  );
}

/**
 * What is wrong with a wish, before anything is fetched for it.
 * @throws Failure `ZOO_INPUT_SIZE`, `ZOO_CLASSES`, `ZOO_ACTIVATION`, `ZOO_POOLING`, `ZOO_UNPUBLISHED`
 */
export function checkWish(wish: ZooWish): void {
  publishedFor(wish);
  graphOf(wish);
}

/**
 * The model that somebody wants, to be written: its graph with the published weights, which are fetched where they are not
 * cached, or with random ones.
 *
 * @throws Failure as `checkWish` and `weightFile` say, and `ZOO_WEIGHTS` where a file is not of the architecture
 */
export async function zooModel(wish: ZooWish, store: ZooStore, getting: Getting): Promise<ModelToExport> {
  const { entry } = wish;
  const graph = graphOf(wish);
  const published = publishedFor(wish);
  if (!published) {
    const file = { format: 'h5', path: `random ${entry.name}`, graph, report: [] } as const;
    return { file, graph, faults: [] };
  }
  const path = await weightFile(entry, published, store, getting);
  const weights = await openModel(path, getting.signal);
  const taken = takeWeights(entry, graph, weights);
  return { file: { format: weights.format, path, graph: taken, report: [] }, graph: taken, faults: [] };
}

/** @throws Failure for a format that repeats the work on a file, which there is none of */
export function requireZooFormat(format: FormatName): void {
  if (format !== 'python') return;
  throw new Failure(
    'usage',
    'ZOO_FORMAT',
    t(
      'a model of the zoo cannot be written as python, whose script loads a model file; write h5 or keras, then convert it',
    ),
  );
}

/**
 * The graph of a wish, its weights starting from their initializers.
 * @throws Failure `ZOO_INPUT_SIZE`, `ZOO_CLASSES`, `ZOO_ACTIVATION`, `ZOO_POOLING`
 */
export function graphOf({ entry, options, random }: ZooWish): LayerGraph {
  const { includeTop = true, pooling } = options;
  if (includeTop && pooling) {
    throw new Failure(
      'usage',
      'ZOO_POOLING',
      t('{0}: found pooling "{1}" with the top, which has its own; leave the top out', entry.name, pooling),
    );
  }
  return entry.build({ ...options, pretrained: !random });
}
