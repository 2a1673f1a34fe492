import { Failure } from '../../core/failure';
import type { Layer } from '../../core/graph/layerGraph';
import { t } from '../../l10n/translate';
import type { KerasGraph } from '../keras/readGraph';
import type { ModelParts } from './parts';
import { placeKey, type VariablePlace } from './variablePaths';

/** Of one layer: a million words of a language and their line ends, and as much again. */
const MAX_VOCABULARY_BYTES = 64 * 2 ** 20;

const LOOKUPS: ReadonlySet<string> = new Set(['IntegerLookup', 'StringLookup', 'TextVectorization']);

/**
 * Vocabularies that layers were adapted to, which Keras keeps as texts beside the weights, put where one that was given
 * is: into the configuration.
 * @throws Failure `VOCABULARY` that names the layer and what is wrong with its file
 */
export async function attachVocabularies(
  read: KerasGraph,
  places: ReadonlyMap<string, VariablePlace>,
  parts: ModelParts,
): Promise<KerasGraph> {
  const layers = await Promise.all(
    read.graph.layers.map(async (layer): Promise<Layer> => {
      if (!LOOKUPS.has(layer.kind) || layer.opaque !== undefined || layer.config.vocabulary !== null)
        return layer;
      const place = places.get(placeKey(read.paths.get(layer.id) ?? [layer.name]));
      const part = place && (await parts.find(`assets/${place.group}/vocabulary.txt`));
      if (!part) return layer;
      const where = t('layer "{0}" ({1}): {2}', layer.name, layer.kind, part.name);
      if (part.size > MAX_VOCABULARY_BYTES) {
        throw broken(
          layer,
          t('{0}: found {1} bytes, expected at most {2}', where, part.size, MAX_VOCABULARY_BYTES),
        );
      }
      const lines = decode(await part.read(), layer, where);
      const vocabulary =
        layer.kind === 'IntegerLookup' ? lines.map((line) => whole(line, layer, where)) : lines;
      return { ...layer, config: { ...layer.config, vocabulary, vocabulary_size: null } };
    }),
  );
  return { ...read, graph: { ...read.graph, layers } };
}

/** A line a value. A mask is an empty one; those at the end Keras itself leaves out. */
function decode(bytes: Uint8Array, layer: Layer, where: string): readonly string[] {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.replace(/\n+$/, '').split('\n');
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw broken(
      layer,
      t('{0}: found bytes that are no UTF-8, expected a value a line; the file is damaged', where),
    );
  }
}

function whole(line: string, layer: Layer, where: string): number {
  if (/^-?\d{1,16}$/.test(line) && Number.isSafeInteger(Number(line))) return Number(line);
  throw broken(
    layer,
    t('{0}: found {1}, expected a whole number a line', where, JSON.stringify(line.slice(0, 40))),
  );
}

const broken = (layer: Layer, message: string): Failure =>
  new Failure('input', 'VOCABULARY', message, { layer: layer.name });
