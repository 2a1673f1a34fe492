import type { LayerConfig } from '../../../core/graph/layerGraph';
import { t } from '../../../l10n/translate';
import type { NodeCall } from '../nodeCall';
import { Unsupported } from '../unsupported';
import { channelsLast, type Value } from '../value';
import { subsample } from './pooling';
import { kept } from './tensor';

/** Resize and Upsample: by whole factors a layer that repeats or interpolates, else one that makes a size. */
export async function resize(call: NodeCall): Promise<Value> {
  const isOld = call.node.op === 'Upsample' || call.opset < 11;
  const given = call.value();
  const rank = given.order?.length ?? 4;
  const input = call.graph.ordered(given, channelsLast(rank));
  if (rank !== 4) return repeat(call, input, isOld);
  const [, height, width] = input.shape ?? [];
  const scales = await call.numbersOf('scales', isOld ? 1 : 2);
  const wanted = scales && scales.length > 0 ? undefined : call.constant(3);
  const sizes = wanted && (await call.constants.numbers(wanted));
  if (call.numbers('axes')) throw new Unsupported(t('it names the axes that it resizes'));
  const [rows, columns] = sizes
    ? [(sizes[2] ?? 0) / (height ?? 0), (sizes[3] ?? 0) / (width ?? 0)]
    : [scales?.[2] ?? 0, scales?.[3] ?? 0];
  if (scales && scales.length > 0 && (scales[0] !== 1 || scales[1] !== 1)) {
    throw new Unsupported(t('it resizes the batch or the channels'));
  }
  const mode = call.text('mode', 'nearest');
  const place = call.text('coordinate_transformation_mode', isOld ? 'asymmetric' : 'half_pixel');
  const centred = place === 'half_pixel' || place === 'pytorch_half_pixel';
  const rounding = call.text('nearest_mode', isOld ? 'floor' : 'round_prefer_floor');
  const refused = () => new Unsupported(t('it resizes by {0} with {1} coordinates', mode, place));
  const keep = (value: Value) => kept(value, input);
  if (isFactor(rows) && isFactor(columns)) {
    const repeats = centred ? rounding.startsWith('round') : place === 'asymmetric' && rounding === 'floor';
    const interpolation =
      mode === 'nearest' && repeats ? 'nearest' : mode === 'linear' && centred ? 'bilinear' : undefined;
    if (!interpolation) throw refused();
    const config = { size: [rows, columns], interpolation };
    return keep(call.graph.add({ kind: 'UpSampling2D', config, inputs: [input] }));
  }
  const shrinks = [rows, columns].map((scale) => Math.round(1 / scale));
  if (
    mode === 'nearest' &&
    place === 'asymmetric' &&
    rounding === 'floor' &&
    isDivisor(shrinks, [height, width])
  )
    return keep(subsample(call, input, shrinks));
  const [newHeight, newWidth] = [rows * (height ?? 0), columns * (width ?? 0)].map(Math.floor);
  const isSized = newHeight !== undefined && newWidth !== undefined && newHeight >= 1 && newWidth >= 1;
  if (!isSized) throw new Unsupported(t('what size it makes is not known'));
  const antialias = call.number('antialias', 0) !== 0;
  const exact =
    sizes ?? [newHeight - rows * (height ?? 0), newWidth - columns * (width ?? 0)].every((one) => one === 0);
  const isNearest = mode === 'nearest' && rounding === 'round_prefer_ceil' && !antialias;
  if ((mode !== 'linear' && !isNearest) || !centred || !exact) throw refused();
  const interpolation = isNearest ? 'nearest' : 'bilinear';
  const config = { height: newHeight, width: newWidth, interpolation, antialias };
  return keep(call.graph.add({ kind: 'Resizing', config, inputs: [input] }));
}

/** Signals and volumes: each number over again. */
async function repeat(call: NodeCall, input: Value, isOld: boolean): Promise<Value> {
  const [batch, channels, ...size] = (await call.numbersOf('scales', isOld ? 1 : 2)) ?? [];
  const place = call.text('coordinate_transformation_mode', isOld ? 'asymmetric' : 'half_pixel');
  const rounding = call.text('nearest_mode', isOld ? 'floor' : 'round_prefer_floor');
  const repeats = place === 'asymmetric' ? rounding === 'floor' : rounding.startsWith('round');
  const isPlain = call.text('mode', 'nearest') === 'nearest' && repeats && batch === 1 && channels === 1;
  const isKnown = size.length === 1 || size.length === 3;
  if (!isPlain || !isKnown || !size.every(isFactor))
    throw new Unsupported(t('it does not repeat each number of a signal or a volume'));
  const config = { size: size.length === 1 ? size[0] : size };
  return kept(call.graph.add({ kind: `UpSampling${size.length}D`, config, inputs: [input] }), input);
}

const isDivisor = (steps: readonly number[], sizes: readonly (number | null | undefined)[]): boolean =>
  steps.every((step, axis) => step >= 1 && typeof sizes[axis] === 'number' && sizes[axis] % step === 0);

const isFactor = (scale: number | undefined): scale is number =>
  scale !== undefined && Number.isInteger(scale) && scale >= 1;

/** Blocks of channels become squares of pixels: `DCR` has a square's place before the channel, `CRD` behind it. */
export function depthToSpace(call: NodeCall): Value {
  const block = call.number('blocksize', 1);
  const { input, height, width, channels } = imageOf(call);
  if (channels % (block * block) !== 0)
    throw new Unsupported(t('{0} channels are no blocks of {1}', channels, block));
  const depth = channels / (block * block);
  const isFirst = call.text('mode', 'DCR') === 'DCR';
  const inner = isFirst ? [block, block, depth] : [depth, block, block];
  const dims = isFirst ? [1, 3, 2, 4, 5] : [1, 4, 2, 5, 3];
  return rearranged(call, input, [height, width, ...inner], dims, [height * block, width * block, depth]);
}

export function spaceToDepth(call: NodeCall): Value {
  const block = call.number('blocksize', 1);
  const { input, height, width, channels } = imageOf(call);
  if (height % block !== 0 || width % block !== 0)
    throw new Unsupported(t('its image is no blocks of {0}', block));
  const apart = [height / block, block, width / block, block, channels];
  const joined = [height / block, width / block, block * block * channels];
  return rearranged(call, input, apart, [1, 3, 2, 4, 5], joined);
}

function imageOf(call: NodeCall) {
  const input = call.graph.ordered(call.value(), channelsLast(4));
  const [, height = null, width = null, channels = null] = input.shape ?? [];
  if (height === null || width === null || channels === null)
    throw new Unsupported(t('the size of its image is not known'));
  return { input, height, width, channels };
}

function rearranged(
  call: NodeCall,
  input: Value,
  apart: readonly number[],
  dims: readonly number[],
  joined: readonly number[],
): Value {
  const step = (kind: string, config: LayerConfig, { ref, shape }: Value, suffix?: string) =>
    call.graph.add({
      kind,
      config,
      inputs: [{ ref, ...(shape && { shape }) }],
      ...(suffix !== undefined && { suffix }),
    });
  const blocks = step('Reshape', { target_shape: apart }, input, 'blocks');
  const moved = step('Permute', { dims }, blocks, 'permute');
  const made = step('Reshape', { target_shape: joined }, moved);
  return kept({ ...made, order: channelsLast(4) }, input);
}
