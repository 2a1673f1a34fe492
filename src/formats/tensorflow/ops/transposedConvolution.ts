import { t } from '../../../l10n/translate';
import type { Recognize } from '../draft';
import { textOf } from '../graphDef';
import { dataFormatOf, overSpace } from './space';

/** The gradient of a convolution by its input: a transposed convolution. */
const spread: Recognize = (node, graph) => {
  const [sizes, filter, input] = node.feeds;
  const kernel = graph.constant(filter);
  const wanted = graph.value(sizes)?.numbers;
  const from = graph.shape(input);
  if (!input || kernel?.shape.length !== 4 || !kernel.source)
    return { refuse: t('its filters are computed, not stored') };
  if (wanted?.length !== 4 || from?.length !== 4) return { refuse: t('the size that it gives is computed') };
  const [strides, dilation] = [overSpace(node, 'strides'), overSpace(node, 'dilations')];
  const padding = textOf(node, 'padding')?.toLowerCase();
  if (!strides || dilation?.some((rate) => rate !== 1) !== false)
    return { refuse: t('it is dilated, or strides over channels') };
  if (padding !== 'same' && padding !== 'valid')
    return { refuse: t('its padding is {0}', padding ?? t('not said')) };
  const format = dataFormatOf(node);
  const first = format === 'channels_last' ? 1 : 2;
  const [height, width, filters] = kernel.shape as [number, number, number, number];
  // What Keras makes of such an image; TensorFlow says the size instead.
  const usual = [0, 1].map((axis) => {
    const size = from[first + axis] ?? null;
    const kernelSize = [height, width][axis]!;
    if (size === null) return null;
    return padding === 'same'
      ? size * strides[axis]!
      : size * strides[axis]! + Math.max(kernelSize - strides[axis]!, 0);
  });
  const differs = usual.some((size, axis) => wanted[first + axis] !== size);
  if (differs)
    return {
      refuse: t(
        'it gives images of {0} by {1}, and a layer of {2} by {3}',
        wanted[first],
        wanted[first + 1],
        usual[0] ?? '',
        usual[1] ?? '',
      ),
    };
  return {
    make: {
      kind: 'Conv2DTranspose',
      config: {
        filters,
        kernel_size: [height, width],
        strides,
        padding,
        data_format: format,
        use_bias: false,
      },
      inputs: [input],
      weights: { kernel },
    },
  };
};

export const transposedConvolutions: Readonly<Record<string, Recognize>> = { Conv2DBackpropInput: spread };
