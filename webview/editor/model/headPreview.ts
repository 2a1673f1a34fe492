import type { HeadOptions, SpatialAxes } from '../../../src/core/surgery/head';
import { headLayers } from '../../../src/core/surgery/head';
import type { Shape } from '../../../src/core/graph/layerGraph';
import { t, tn } from '../../../src/l10n/translate';

/** A layer that a head would add. */
export interface HeadRow {
  readonly kind: string;
  /** `units 128, relu` */
  readonly detail: string;
  /** Sizes of one sample, without the batch. */
  readonly output: readonly (number | null)[];
  /** NaN where the input's size is not known. */
  readonly params: number;
}

/**
 * What a head costs on a given layer, as it is being put together: the layers it adds and their parameters. Dense on
 * n features costs `n * units + units`; pooling and dropout cost nothing.
 */
export function previewHead(options: HeadOptions, on: Shape): readonly HeadRow[] {
  let sample: readonly (number | null)[] = on.slice(1);
  return headLayers(options, spatialAxes(on)).map(({ kind, config = {} }) => {
    if (kind.startsWith('Global')) {
      sample = sample.slice(-1);
      return { kind, detail: '', output: sample, params: 0 };
    }
    switch (kind) {
      case 'Flatten':
        sample = [sample.includes(null) ? null : sample.reduce<number>((n, size) => n * (size ?? 1), 1)];
        return { kind, detail: '', output: sample, params: 0 };
      case 'Dropout':
        return { kind, detail: t('rate {0}', String(config['rate'])), output: sample, params: 0 };
      default: {
        const units = Number(config['units']);
        const features = sample.at(-1) ?? NaN;
        sample = [...sample.slice(0, -1), units];
        const detail = t('{0} units, {1}', units, String(config['activation']));
        return { kind, detail, output: sample, params: features * units + units };
      }
    }
  });
}

export function headCost(rows: readonly HeadRow[]): number {
  return rows.reduce((sum, row) => sum + row.params, 0);
}

/** Why a head with such a pooling cannot stand on such an output; undefined where it can. */
export function poolingProblem(pooling: HeadOptions['pooling'], on: Shape): string | undefined {
  const axes = on.length - 1;
  if ((pooling === 'average' || pooling === 'max') && (axes < 2 || axes > 4)) {
    return tn(
      axes,
      'needs places and channels to pool over, the layer gives {0} axis',
      'needs places and channels to pool over, the layer gives {0} axes',
    );
  }
  if (pooling === 'none' && axes !== 1) return t('the head would answer at every place, not once an image');
  return undefined;
}

/** How many axes pooling goes over on such an output; two where it cannot, which is said then. */
export function spatialAxes(on: Shape): SpatialAxes {
  const axes = on.length - 2;
  return axes === 1 || axes === 3 ? axes : 2;
}

const POOLING_WORDS: Readonly<Record<HeadOptions['pooling'], string>> = {
  none: t('no pooling'),
  average: t('average'),
  max: t('max'),
  flatten: t('flatten'),
};

/** A head in few words: `average, 128, dropout 0.2, 5 softmax`. */
export function headWords({ pooling, hiddenUnits, dropout, classes, activation }: HeadOptions): string {
  return [
    POOLING_WORDS[pooling],
    ...hiddenUnits.map(String),
    ...(dropout > 0 ? [t('dropout {0}', dropout)] : []),
    `${classes} ${activation}`,
  ].join(', ');
}
