import { configSchema, type ConfigOf } from './config';
import { count } from './fields';
import { ShapeMismatch, type LayerKind } from './kind';
import { statistic } from './weightSpec';
import { innerLayer, lead, PARTS_TRAIN, refuseFrozenPart, type FindKind, type InnerLayer } from './wrapping';
import { t } from '../../l10n/translate';

const schemaOf = (find: FindKind) =>
  configSchema(
    { layer: innerLayer(find), power_iterations: count().default(1) },
    { only: PARTS_TRAIN, prepare: refuseFrozenPart },
  );

export type SpectralNormalizationConfig = ConfigOf<ReturnType<typeof schemaOf>>;

/** Weights that Keras normalizes: those that a layer calls its kernel, or else its embeddings. */
const NORMALIZED = ['kernel', 'embeddings'];

/**
 * A layer whose kernel every training step divides by its largest singular value, found by power iteration (Miyato et
 * al., Spectral normalization for generative adversarial networks, 2018).
 * @param find the catalogue, which holds this kind too
 */
export function spectralNormalizationKind(find: FindKind): LayerKind<SpectralNormalizationConfig> {
  const kindOf = ({ kind }: InnerLayer): LayerKind => {
    const found = find(kind);
    if (!found) throw new Error(`a configuration in normal form names the kind ${kind}, which is not known`);
    return found;
  };
  return {
    name: 'SpectralNormalization',
    family: 'normalization',
    schema: schemaOf(find),
    arity: [1, 1],
    weights({ layer }, inputs) {
      const inner = kindOf(layer).weights(layer.config, inputs);
      // A recurrent layer's kernel is its cell's.
      const kernel =
        kindOf(layer).family !== 'recurrent' && inner.find(({ name }) => NORMALIZED.includes(name));
      if (!kernel)
        throw new ShapeMismatch(t('a {0} inside', layer.kind), t('a layer with a kernel or embeddings'));
      const direction = statistic('vector_u', [1, kernel.shape.at(-1) ?? 1], {
        kind: 'TruncatedNormal',
        config: { stddev: 0.02 },
      });
      // In Keras's order: it counts the kernel as the layer's own.
      const others = inner.filter((spec) => spec !== kernel);
      return [...lead('layer', [kernel]), direction, ...lead('layer', others)];
    },
    outputs: ({ layer }, inputs) => kindOf(layer).outputs(layer.config, inputs),
    flops: ({ layer }, inputs, outputs) => kindOf(layer).flops(layer.config, inputs, outputs),
    stride: ({ layer }) => kindOf(layer).stride?.(layer.config) ?? 1,
  };
}

/** The name of the weight that is normalized. */
export function normalizedWeight({ layer }: SpectralNormalizationConfig): string {
  return layer.kind === 'Embedding' ? 'layer/embeddings' : 'layer/kernel';
}
