import type { LayerView, ModelView, WeightView } from '../../../src/protocol/editor';
import { indexModel } from '../model/modelIndex';
import { sameValue } from '../model/sameValue';
import { showShape } from '../model/shapeText';
import { configValue, isFrozen, weightShape } from '../model/text';
import { t } from '../../../src/l10n/translate';

/** What a layer says before surgery and after it; null where it is not there. */
export interface ChangedFact {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What becomes of a weight. */
export interface WeightFate {
  readonly name: string;
  readonly shape: string;
  readonly fate: 'kept' | 'starts anew' | 'taken from another file' | 'comes with the layer' | 'goes';
  /** Its shape before, where that was another. */
  readonly was?: string;
}

export const FATE_WORDS: Readonly<Record<WeightFate['fate'], string>> = {
  kept: t('kept'),
  'starts anew': t('starts anew'),
  'taken from another file': t('taken from another file'),
  'comes with the layer': t('comes with the layer'),
  goes: t('goes'),
};

export interface LayerChange {
  readonly facts: readonly ChangedFact[];
  readonly weights: readonly WeightFate[];
}

/** What surgery and freezing made of a layer, by its id; undefined where neither model has it. */
export function changeOfLayer(base: ModelView, model: ModelView, id: string): LayerChange | undefined {
  const [old, now] = [indexModel(base).byId.get(id), indexModel(model).byId.get(id)];
  const names = (layer: LayerView | undefined) =>
    layer?.inputs.map((input) => nameOf(input, model, base)).join(', ') ?? null;
  const said = (layer: LayerView | undefined): readonly (readonly [string, string | null])[] => [
    [t('Name'), layer?.name ?? null],
    [t('Kind'), layer?.kind ?? null],
    [t('Reads'), names(layer)],
    [t('Output'), layer ? (layer.outputShape === null ? t('unknown') : showShape(layer.outputShape)) : null],
    [t('Training'), layer && layer.weights.length > 0 ? (isFrozen(layer) ? t('frozen') : t('trains')) : null],
  ];
  if (!old && !now) return undefined;
  const after = said(now);
  return {
    facts: [
      ...said(old).map(([name, before], place) => ({ name, before, after: after[place]![1] })),
      ...changedConfig(old, now),
    ].filter((fact) => fact.before !== fact.after),
    weights: fatesOf(model, old, now),
  };
}

function nameOf(id: string, ...models: readonly ModelView[]): string {
  for (const model of models) {
    const layer = indexModel(model).byId.get(id);
    if (layer) return layer.name;
  }
  return id;
}

/** Settings that are not the same; those of the name and the trainable flag are told by themselves. */
function changedConfig(old: LayerView | undefined, now: LayerView | undefined): readonly ChangedFact[] {
  if (!old || !now) return [];
  const names = new Set([...Object.keys(old.config), ...Object.keys(now.config)]);
  const shown = ({ config }: LayerView, name: string) => (name in config ? configValue(config[name]) : null);
  return [...names].flatMap((name) =>
    name === 'name' || name === 'trainable' || sameValue(old.config[name], now.config[name])
      ? []
      : [{ name, before: shown(old, name), after: shown(now, name) }],
  );
}

function fatesOf(
  model: ModelView,
  old: LayerView | undefined,
  now: LayerView | undefined,
): readonly WeightFate[] {
  const olds = new Map((old?.weights ?? []).map((weight) => [weight.name, weight]));
  const warm = new Set(
    (model.warmStarts ?? []).flatMap(({ matched }) =>
      matched.flatMap(({ layer, weight }) => (layer === now?.name ? [weight] : [])),
    ),
  );
  const stay = (now?.weights ?? []).map((weight): WeightFate => {
    const before = olds.get(weight.name);
    olds.delete(weight.name);
    const [shape, was] = [weightShape(weight.shape), before && weightShape(before.shape)];
    return {
      name: weight.name,
      shape,
      fate: warm.has(weight.name) ? 'taken from another file' : fateOf(weight, before),
      ...(was !== undefined && was !== shape && { was }),
    };
  });
  const gone = [...olds.values()].map(({ name, shape }): WeightFate => ({
    name,
    shape: weightShape(shape),
    fate: 'goes',
  }));
  return [...stay, ...gone];
}

function fateOf(weight: WeightView, before: WeightView | undefined): WeightFate['fate'] {
  if (weight.fresh && !before?.fresh) return 'starts anew';
  return before ? 'kept' : 'comes with the layer';
}
