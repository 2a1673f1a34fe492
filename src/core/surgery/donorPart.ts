import { Failure, unknownLayer } from '../failure';
import type { Layer, LayerGraph, TensorRef } from '../graph/layerGraph';
import { sameTensor } from '../graph/layerGraph';
import { layersById } from '../graph/lookup';
import { orderCalls, showNames } from '../graph/order';
import { callsFeeding, tensorOf } from './reach';
import { t } from '../../l10n/translate';

/** A part of a model that one tensor feeds. */
export interface DonorPart {
  /** In the donor's order, each with those of its calls that belong to the part. */
  readonly layers: readonly { readonly layer: Layer; readonly calls: readonly number[] }[];
  /** What comes out of it. */
  readonly ends: readonly TensorRef[];
}

/**
 * Every layer on a way from `from` to `to`, both with it. Without `from` (or where that is the donor's input) it begins
 * right after the donor's input; without `to` it ends in the donor's outputs, those that depend on its beginning. All
 * that enters it is one tensor, the seam: what `from` reads, or the donor's input. Of a shared layer the part has the
 * calls that are on the way.
 *
 * @throws Failure `GRAFT_WEIGHTS_ONLY` for a donor without an architecture, `LAYER_UNKNOWN`, `LAYER_AMBIGUOUS` for a `to`
 * that does not make one tensor, `GRAFT_SEAM` for a `from` that does not read one, or a donor without one input,
 * `GRAFT_APART` where no way leads from `from` to `to`, `GRAFT_ENTERED` where other tensors enter
 */
export function partOf(
  donor: LayerGraph,
  path: string,
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
): DonorPart {
  if (donor.outputs.length === 0) {
    throw failure(
      'GRAFT_WEIGHTS_ONLY',
      path,
      t('found weights without an architecture, expected a model; weights alone are for warmStart'),
    );
  }
  const begin = beginningOf(donor, path, from);
  const last = to === undefined ? undefined : layerIn(donor, path, to);
  const goals = last ? [tensorOf(donor, last)] : donor.outputs;

  const isOn = wayFrom(donor, begin);
  const ends = goals.filter((goal) => isOn(goal));
  if (ends.length === 0) {
    const message = last
      ? t('no way leads from {0} to "{1}"', begin.name, last.name)
      : t('no way leads from {0} to an output', begin.name);
    throw failure('GRAFT_APART', path, message, last?.name);
  }
  const back = callsFeeding(donor, ends);
  const onWay = (tensor: TensorRef) => isOn(tensor) && (back.get(tensor.layer)?.has(tensor.call) ?? false);
  const layers = donor.layers.flatMap((layer) => {
    const calls = layer.calls.flatMap((_, call) =>
      onWay({ layer: layer.id, call, output: 0 }) ? [call] : [],
    );
    return calls.length === 0 ? [] : [{ layer, calls }];
  });
  refuseOtherEntries(donor, path, layers, begin, onWay);
  return { layers, ends };
}

function layerIn(donor: LayerGraph, path: string, name: string): Layer {
  const layer = donor.layers.find((candidate) => candidate.name === name);
  if (layer) return layer;
  const names = donor.layers.map((candidate) => candidate.name);
  throw unknownLayer(name, names, t('the donor {0}', path));
}

/** Where a part begins: the tensor that feeds it, and the call it starts with where not all that read the tensor. */
interface Beginning {
  /** For people. */
  readonly name: string;
  readonly seam: TensorRef;
  readonly first?: Layer;
}

function beginningOf(donor: LayerGraph, path: string, from: string | undefined): Beginning {
  const first = from === undefined ? undefined : layerIn(donor, path, from);
  const isInput = first && donor.inputs.some((input) => input.layer === first.id);
  if (!first || isInput) {
    const [only, ...others] = donor.inputs;
    if (first)
      return { name: t('the input "{0}"', first.name), seam: { layer: first.id, call: 0, output: 0 } };
    if (only && others.length === 0) return { name: t('the input'), seam: only };
    const names = showNames(namesOf(donor, donor.inputs));
    const count = donor.inputs.length;
    const message =
      names === ''
        ? t('found a donor with {0} inputs, expected one; say with "from" where the part begins', count)
        : t(
            'found a donor with {0} inputs ({1}), expected one; say with "from" where the part begins',
            count,
            names,
          );
    throw failure('GRAFT_SEAM', path, message);
  }
  const [call, ...more] = first.calls;
  const [seam, ...others] = call?.inputs ?? [];
  if (seam && more.length === 0 && others.every((other) => sameTensor(other, seam))) {
    return { name: `"${first.name}"`, seam, first };
  }
  const tensors = first.calls.flatMap(({ inputs }) => inputs);
  const message =
    more.length > 0
      ? t(
          '"{0}" is used {1} times, expected a layer that reads one; begin at one before or after it',
          first.name,
          first.calls.length,
        )
      : t(
          '"{0}" reads {1} tensors, expected a layer that reads one; begin at one before or after it',
          first.name,
          tensors.length,
        );
  throw failure('GRAFT_SEAM', path, message, first.name);
}

/** Whether a tensor's call is the beginning or depends on it. */
function wayFrom(donor: LayerGraph, { seam, first }: Beginning): (tensor: TensorRef) => boolean {
  const keyOf = ({ layer, call }: Pick<TensorRef, 'layer' | 'call'>) => `${call}\u0000${layer}`;
  const after = new Set<string>();
  for (const { layer, call } of orderCalls(donor).calls) {
    const starts = first
      ? layer.id === first.id
      : layer.calls[call].inputs.some((input) => sameTensor(input, seam));
    if (starts || layer.calls[call].inputs.some((input) => after.has(keyOf(input)))) {
      after.add(keyOf({ layer: layer.id, call }));
    }
  }
  return (tensor) => after.has(keyOf(tensor));
}

function refuseOtherEntries(
  donor: LayerGraph,
  path: string,
  layers: DonorPart['layers'],
  { name, seam }: Beginning,
  isIn: (tensor: TensorRef) => boolean,
): void {
  for (const { layer, calls } of layers) {
    const entering = calls
      .flatMap((call) => layer.calls[call].inputs)
      .filter((input) => !isIn(input) && !sameTensor(input, seam));
    if (entering.length === 0) continue;
    throw failure(
      'GRAFT_ENTERED',
      path,
      t(
        '"{0}" also reads {1}, which is not on the way from {2}; begin at a layer that everything passes through',
        layer.name,
        showNames(namesOf(donor, entering)),
        name,
      ),
      layer.name,
    );
  }
}

function namesOf(graph: LayerGraph, tensors: readonly TensorRef[]): readonly string[] {
  const byId = layersById(graph);
  return [...new Set(tensors.map(({ layer }) => byId.get(layer)?.name ?? layer))];
}

function failure(code: string, path: string, message: string, layer?: string): Failure {
  return new Failure('input', code, t('the donor {0}: {1}', path, message), {
    path,
    ...(layer !== undefined && { layer }),
  });
}
