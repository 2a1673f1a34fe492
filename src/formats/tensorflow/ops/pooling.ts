import { t } from '../../../l10n/translate';
import type { Recognize, Recognized } from '../draft';
import { flagOf, numbersOf, textOf } from '../graphDef';
import { reduce } from './arithmetic';
import { dataFormatOf, overSpace } from './space';

const slide =
  (kind: string): Recognize =>
  (node): Recognized => {
    const [input] = node.feeds;
    const size = overSpace(node, 'ksize');
    const strides = overSpace(node, 'strides');
    const padding = textOf(node, 'padding');
    if (!input || !size || !strides || numbersOf(node, 'ksize').length !== 4) {
      return { refuse: t('it pools over the batch or the channels') };
    }
    if (padding !== 'SAME' && padding !== 'VALID')
      return { refuse: t('its padding is {0}', padding ?? t('not said')) };
    const config = {
      pool_size: size,
      strides,
      padding: padding.toLowerCase(),
      data_format: dataFormatOf(node),
    };
    return { make: { kind, config, inputs: [input] } };
  };

const kindOf = { Max: 'Max', Average: 'Mean' } as const;

/** Over all of the image, or of the sequence. */
const overall =
  (what: 'Max' | 'Average'): Recognize =>
  (node, graph): Recognized => {
    const [input, axes] = node.feeds;
    const rank = graph.shape(input)?.length;
    const reduced = graph.numbers(axes);
    if (!input || rank === undefined || !reduced) return reduce(kindOf[what])(node, graph);
    const along = [...new Set(reduced.map((axis) => (axis < 0 ? axis + rank : axis)))]
      .sort((a, b) => a - b)
      .join();
    const config = { keepdims: flagOf(node, 'keep_dims') };
    const make = (kind: string, format: 'channels_last' | 'channels_first'): Recognized => ({
      make: { kind, config: { ...config, data_format: format }, inputs: [input] },
    });
    if (rank === 4 && along === '1,2') return make(`Global${what}Pooling2D`, 'channels_last');
    if (rank === 4 && along === '2,3') return make(`Global${what}Pooling2D`, 'channels_first');
    if (rank === 3 && along === '1') return make(`Global${what}Pooling1D`, 'channels_last');
    return reduce(kindOf[what])(node, graph);
  };

export const poolings: Readonly<Record<string, Recognize>> = {
  MaxPool: slide('MaxPooling2D'),
  AvgPool: slide('AveragePooling2D'),
  Mean: overall('Average'),
  Max: overall('Max'),
};
