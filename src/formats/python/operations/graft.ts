import type { LayerGraph } from '../../../core/graph/layerGraph';
import { sameTensor } from '../../../core/graph/layerGraph';
import { layerNamed } from '../../../core/graph/lookup';
import { donorGraph, donorPath } from '../../../core/surgery/donors';
import { partOf, type DonorPart } from '../../../core/surgery/donorPart';
import type { OperationOf } from '../../../core/surgery/recipe';
import { t } from '../../../l10n/translate';
import { list, text } from '../literal';
import { call } from '../newLayer';
import { loadDonor } from './donor';
import { newLayersOf, unsaid, type Say, type Setting } from './step';
import { layerCode, modelEndingIn, outputOf } from './tensors';

/** The donor's part becomes a model, is run on the layer's tensor, and what comes of it is built again, in copies. */
export const sayGraft: Say<'graft'> = (operation, step) => {
  const { before, setting } = step;
  const donor = donorGraph(setting.donors, operation.donor);
  const part = partOf(donor, donorPath(operation.donor), operation);
  refuseSharedSeam(operation, donor, part);
  const operations = setting.donorFile(operation.donor).operations ?? new Set();
  const loaded = loadDonor(operation.donor, setting);
  const ends =
    operation.to === undefined
      ? part.ends.map(
          (end) => `donor.outputs[${donor.outputs.findIndex((output) => sameTensor(output, end))}]`,
        )
      : [outputOf('donor', donor, layerNamed(donor, operation.to), operations)];
  const grafted = newLayersOf(step);
  const renamed = part.layers.flatMap(({ layer }, place) => {
    const now = grafted[place]?.name ?? layer.name;
    return now === layer.name ? [] : [`named[${text(layer.name)}].name = ${text(now)}`];
  });
  const after = layerNamed(before, operation.after);
  const [made] = ends;
  const isOne = ends.length === 1 && made !== undefined;
  const args = [seamCode(donor, operation.from, operations), isOne ? made : list(ends)];
  const tensors = graftedEnds(step, part.ends.length).map((tensor, place) => ({
    tensor,
    code: isOne ? 'x' : `x[${place}]`,
  }));
  return {
    lines: [
      ...loaded.lines,
      `part = ${call('keras.Model', args)}`,
      ...(renamed.length > 0 ? ['named = {op.name: op for op in part.operations}', ...renamed] : []),
      // Called as a layer, it would insist on the donor's own input size.
      `x = part.call(${outputOf('model', before, after, setting.operations)})`,
      ...modelEndingIn(step, after, tensors),
      'model = rebuild(model)',
    ],
    helpers: [...loaded.helpers, 'rebuild'],
    operations: part.layers.flatMap(({ layer }, place) =>
      operations.has(layer.id) ? (grafted[place]?.id ?? []) : [],
    ),
  };
};

/** Stand-ins for the part's ends among the model's outputs: only that they are told apart matters. */
function graftedEnds({ after }: Parameters<Say<'graft'>>[1], count: number) {
  return Array.from({ length: count }, (_, output) => ({
    layer: `grafted end of ${after.name}`,
    call: 0,
    output,
  }));
}

/** Keras begins a model at any tensor, but for one that a layer made which the model uses once more. */
function refuseSharedSeam(operation: OperationOf<'graft'>, donor: LayerGraph, { layers }: DonorPart): void {
  const inside = new Map(layers.map((each) => [each.layer.id, each]));
  const entering = layers
    .flatMap(({ layer, calls }) => calls.flatMap((call) => layer.calls[call]?.inputs ?? []))
    .find((input) => inside.get(input.layer)?.calls.includes(input.call) === false);
  const shared = entering && inside.get(entering.layer)?.layer;
  if (!shared) return;
  const why = t(
    '"{0}" makes the tensor that the part of {1} begins with, and is used once more in it',
    shared.name,
    donor.name,
  );
  throw unsaid(operation, why, shared.name);
}

/** Code of the tensor that the part begins with. */
function seamCode(donor: LayerGraph, from: string | undefined, operations: Setting['operations']): string {
  const first = from === undefined ? undefined : layerNamed(donor, from);
  if (!first) return 'donor.inputs[0]';
  const input = donor.inputs.findIndex(({ layer }) => layer === first.id);
  if (input >= 0) return `donor.inputs[${input}]`;
  const fed = `${layerCode('donor', first, operations)}.input`;
  return (first.calls[0]?.inputs.length ?? 0) > 1 ? `${fed}[0]` : fed;
}
