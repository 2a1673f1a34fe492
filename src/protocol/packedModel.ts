import { EDITOR_PROTOCOL } from './editor';
import type { HostToEditor, LayerView, ModelView } from './editor';

/**
 * A model as it goes to the page where it is large: deep models repeat their blocks, so what layers say is said once.
 * One text is copied between processes in no time, where ten thousand layers of objects are copied one by one.
 */
export interface PackedModel {
  /** All of the view but its layers. */
  readonly rest: Omit<ModelView, 'layers'>;
  /** JSON of `PackedLayers`. */
  readonly layers: string;
}

/** Everything a layer says but who it is and what it reads. */
type Said = Omit<LayerView, 'id' | 'name' | 'inputs'>;

interface PackedLayers {
  readonly ids: readonly string[];
  readonly names: readonly string[];
  /** Of each layer the places of those it reads, from zero; the id of one that is not in the model. */
  readonly inputs: readonly (readonly (number | string)[])[];
  /** Different values of fields. */
  readonly values: readonly unknown[];
  /** What layers say: of each field the place of its value, in the order of `fields`; -1 for one that is not there. */
  readonly fields: readonly string[];
  readonly said: readonly (readonly number[])[];
  /** Of each layer the place of what it says. */
  readonly says: readonly number[];
}

/** From so many layers on packing takes less time than it saves. */
const WORTH_PACKING = 500;

/** What tells the page of a model it has not seen before. */
export function modelMessage(
  model: ModelView,
): Extract<HostToEditor, { readonly type: 'model' | 'packedModel' }> {
  return model.layers.length < WORTH_PACKING
    ? { type: 'model', protocol: EDITOR_PROTOCOL, model }
    : { type: 'packedModel', protocol: EDITOR_PROTOCOL, model: packModel(model) };
}

export function packModel({ layers, ...rest }: ModelView): PackedModel {
  const places = new Map(layers.map(({ id }, place) => [id, place]));
  const said = numbering<Said>();
  const says = layers.map(({ id: _id, name: _name, inputs: _inputs, ...own }) =>
    said.numberOf(JSON.stringify(own), own),
  );
  const fields = numbering<string>();
  const values = numbering<unknown>();
  const rows = said.all.map((own) => {
    const row: number[] = [];
    for (const [field, value] of Object.entries(own)) {
      row[fields.numberOf(field, field)] =
        value === undefined ? -1 : values.numberOf(JSON.stringify(value), value);
    }
    return Array.from(row, (value) => value ?? -1);
  });
  const packed: PackedLayers = {
    ids: layers.map(({ id }) => id),
    names: layers.map(({ name }) => name),
    inputs: layers.map(({ inputs }) => inputs.map((id) => places.get(id) ?? id)),
    values: values.all,
    fields: fields.all,
    said: rows,
    says,
  };
  return { rest, layers: JSON.stringify(packed) };
}

/** Numbers things by what tells them apart, from zero. */
function numbering<T>() {
  const known = new Map<string, number>();
  const all: T[] = [];
  return {
    all,
    numberOf(key: string, value: T): number {
      const number = known.get(key);
      if (number !== undefined) return number;
      known.set(key, all.length);
      return all.push(value) - 1;
    },
  };
}

/** The model again; what its layers say alike are the same objects. */
export function unpackModel({ rest, layers: text }: PackedModel): ModelView {
  const { ids, names, inputs, values, fields, said, says } = JSON.parse(text) as PackedLayers;
  const spoken = said.map(
    (row) =>
      Object.fromEntries(
        row.flatMap((value, field) => (value < 0 ? [] : [[fields[field]!, values[value]]])),
      ) as unknown as Said,
  );
  const layers = ids.map((id, place): LayerView => ({
    id,
    name: names[place]!,
    inputs: inputs[place]!.map((input) => (typeof input === 'number' ? ids[input]! : input)),
    ...spoken[says[place]!]!,
  }));
  return { ...rest, layers };
}
