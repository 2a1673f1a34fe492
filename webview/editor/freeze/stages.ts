import type { LayerView, ModelView } from '../../../src/protocol/editor';
import { stageCount } from '../../../src/protocol/stageCount';
import { t } from '../../../src/l10n/translate';

/** A run of layers at one spatial resolution. */
export interface Stage {
  /** `56×56`; empty where no layer's shape says it. */
  readonly resolution: string;
  readonly layers: number;
  readonly params: number;
}

/** The stages that a rule about stages counts, in order. */
export function stagesIn({ layers }: Pick<ModelView, 'layers'>): readonly Stage[] {
  return Array.from({ length: stageCount({ layers }) }, (_, stage) => {
    const members = layers.filter((layer) => layer.stage === stage);
    return {
      resolution: resolutionOf(members),
      layers: members.length,
      params: members.reduce((sum, { params }) => sum + params, 0),
    };
  });
}

/** Of the first that has one: what a stage ends with may have been pooled to nothing. */
function resolutionOf(layers: readonly LayerView[]): string {
  const shape = layers.find(({ outputShape }) => outputShape !== null && outputShape.length > 2)?.outputShape;
  // The batch before, the channels after.
  return (shape ?? [])
    .slice(1, -1)
    .map((size) => size ?? '?')
    .join('×');
}

/** The resolutions of the first so many stages, for people: `64×64 and 32×32`. */
export function listStages(stages: readonly Stage[], first: number): string {
  const named = stages
    .slice(0, first)
    .map(({ resolution }, place) => resolution || t('stage {0}', place + 1));
  const last = named.pop();
  if (last === undefined) return '';
  return named.length === 0 ? last : t('{0} and {1}', named.join(', '), last);
}
