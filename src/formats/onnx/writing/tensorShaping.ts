import { resolveAxis } from '../../../core/layers/normalization';
import type {
  AxisConfig,
  GetItemConfig,
  SplitConfig,
  SqueezeConfig,
  TakeConfig,
  TensorReshapeConfig,
  TileConfig,
  TransposeConfig,
  UnstackConfig,
} from '../../../core/layers/tensorShaping';
import { t } from '../../../l10n/translate';
import type { LayerCall } from './draft';
import { inLayerOrder, lasts } from './operations';

/** Operations that put the numbers of tensors into other places, axes as in the layer graph. */

/** As far as a slice can go. */
const END = 2 ** 31 - 1;

export const tensorReshape = inLayerOrder((call: LayerCall<TensorReshapeConfig>, [x = '']) => {
  const { shape } = call.config;
  if (shape.includes(0)) throw call.refused(t('it gives no numbers'));
  return call.node('Reshape', [x, call.ints('shape', shape)]);
});

export const transpose = inLayerOrder((call: LayerCall<TransposeConfig>, [x = '']) =>
  call.node('Transpose', [x], { perm: call.config.axes }),
);

export const expandDims = inLayerOrder((call: LayerCall<AxisConfig>, [x = '']) =>
  call.node('Unsqueeze', [x, call.ints('axes', [call.config.axis])]),
);

export const squeeze = inLayerOrder((call: LayerCall<SqueezeConfig>, [x = '']) =>
  call.node('Squeeze', [x, call.ints('axes', call.config.axis)]),
);

export const tile = inLayerOrder((call: LayerCall<TileConfig>, [x = '']) =>
  call.node('Tile', [x, call.ints('repeats', call.config.repeats)]),
);

export const take = inLayerOrder((call: LayerCall<TakeConfig>, [x = '']) =>
  call.node('Gather', [x, call.ints('indices', call.config.indices)], { axis: call.config.axis }),
);

/** A place is a stretch of one, whose axis is dropped. */
export const getItem = inLayerOrder((call: LayerCall<GetItemConfig>, [x = '']) => {
  const stretches = call.config.key.map((one) => {
    if (typeof one === 'number') return { start: one, stop: one === -1 ? END : one + 1, step: 1 };
    const step = one.step ?? 1;
    return { start: one.start ?? (step > 0 ? 0 : END), stop: one.stop ?? (step > 0 ? END : -END), step };
  });
  const axes = [...call.config.key.keys()];
  const parts = [
    call.ints(
      'starts',
      stretches.map(({ start }) => start),
    ),
    call.ints(
      'stops',
      stretches.map(({ stop }) => stop),
    ),
    call.ints('axes', axes),
    call.ints(
      'steps',
      stretches.map(({ step }) => step),
    ),
  ];
  const places = axes.filter((axis) => typeof call.config.key[axis] === 'number');
  if (places.length === 0) return call.node('Slice', [x, ...parts]);
  const taken = call.node('Slice', [x, ...parts], {}, 'slice');
  return call.node('Squeeze', [taken, call.ints('places', places)]);
});

export const stack = inLayerOrder((call: LayerCall<AxisConfig>, tensors) => {
  const { axis } = call.config;
  const axes = call.ints('axes', [axis]);
  const parts = tensors.map((name) => call.node('Unsqueeze', [name, axes], {}, 'part'));
  return call.node('Concat', parts, { axis });
});

/** An output each. */
export function split(call: LayerCall<SplitConfig>): readonly string[] {
  const { sizes, axis } = call.config;
  const outputs = sizes.map((_, index) => `${call.name}:${index}`);
  const at = resolveAxis(call.input.shape, axis);
  const [x = ''] = lasts(call);
  call.draft.nodeOf(call.name, 'Split', [x, call.ints('sizes', sizes)], { axis: at }, outputs);
  return outputs.map((name) => call.draft.toFirst(call.name, name, call.input.shape.length));
}

export function unstack(call: LayerCall<UnstackConfig>): readonly string[] {
  const { num, axis } = call.config;
  const [x = ''] = lasts(call);
  return Array.from({ length: num }, (_, index) => {
    const place = call.draft.holdInt(`${call.name}/place`, index);
    const part = call.node('Gather', [x, place], { axis }, `${index}`);
    return call.draft.toFirst(call.name, part, call.input.shape.length - 1);
  });
}
