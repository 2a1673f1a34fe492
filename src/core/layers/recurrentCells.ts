import type * as z from 'zod';
import type { Shape } from '../graph/layerGraph';
import { configSchema, type ConfigOf } from './config';
import { field, isRecord } from './fields';
import type { LayerKind } from './kind';
import { CELL_SCHEMAS, gru, lstm, requireStates, sequenceShape, simpleRnn } from './recurrent';
import { recurrentDialects, sequenceFields } from './recurrentConfig';
import { regularizer } from './serialized';
import { innerLayers, lead, type InnerLayer } from './wrapping';
import { t } from '../../l10n/translate';

/** Real stacks have a few cells, each of which is a run over the sequence; a file could have any number. */
const MAX_CELLS = 64;

const STACK = 'StackedRNNCells';

/** By a cell's class name, the layer that runs one over a sequence, and how many states it has. */
const LAYERS: Readonly<Record<string, { readonly kind: LayerKind; readonly states: number }>> = {
  SimpleRNNCell: { kind: simpleRnn, states: 1 },
  LSTMCell: { kind: lstm, states: 2 },
  GRUCell: { kind: gru, states: 1 },
};

/** Whether a class is one of Keras's cells, which are no layers of a graph. */
export function isCell(className: string): boolean {
  return className === STACK || Object.hasOwn(LAYERS, className);
}

/** A cell or a stack of cells, each by its class name with its configuration. */
const cell = (): z.ZodType<InnerLayer> =>
  field<InnerLayer>(
    t('one of {0}, or {1} of up to {2} such', Object.keys(LAYERS).join(', '), STACK, MAX_CELLS),
    (raw) => {
      const { name, config } = serialized(raw);
      if (name !== STACK) return readCell(raw);
      if (!isRecord(config) || !Array.isArray(config.cells)) return undefined;
      if (config.cells.length === 0 || config.cells.length > MAX_CELLS) return undefined;
      const cells = config.cells.map(readCell);
      return cells.every((one) => one !== undefined) ? { kind: STACK, config: { cells } } : undefined;
    },
  );

function serialized(raw: unknown): { readonly name?: unknown; readonly config?: unknown } {
  return isRecord(raw) ? { name: raw.kind ?? raw.class_name, config: raw.config ?? {} } : {};
}

function readCell(raw: unknown): InnerLayer | undefined {
  const { name, config } = serialized(raw);
  if (typeof name !== 'string' || !Object.hasOwn(CELL_SCHEMAS, name)) return undefined;
  // Keras keeps `trainable` for each cell; a layer graph keeps one for the whole.
  if (isRecord(config) && config.trainable === false) return undefined;
  const read = CELL_SCHEMAS[name].safeParse(config);
  return read.success ? { kind: name, config: read.data } : undefined;
}

const schema = configSchema(
  { cell: cell(), ...sequenceFields, activity_regularizer: regularizer() },
  { inert: recurrentDialects.inert },
);

export type RnnConfig = ConfigOf<typeof schema>;

/** One cell of a layer as the layer that runs it alone; each but the last hands its sequence on to the next. */
export interface CellLayer extends InnerLayer {
  /** What the names of its weights begin with. */
  readonly place: string;
  readonly states: number;
}

/** The cells of a layer, in order; none of them turns the sequence round. */
export function cellLayers(config: RnnConfig): readonly CellLayer[] {
  const stacked = config.cell.kind === STACK;
  const cells = stacked ? innerLayers(config.cell.config) : [config.cell];
  return cells.map((one, index): CellLayer => {
    const { kind, states } = LAYERS[one.kind];
    const options = {
      return_sequences: config.return_sequences || index < cells.length - 1,
      return_state: true,
      go_backwards: false,
      stateful: false,
      zero_output_for_mask: config.zero_output_for_mask,
      activity_regularizer: null,
    };
    return {
      place: stacked ? `cell/${index}` : 'cell',
      kind: kind.name,
      config: { ...one.config, ...options },
      states,
    };
  });
}

/** A cell, or several one upon another, run over a sequence; its states are those of each cell in turn. */
export const rnn: LayerKind<RnnConfig> = {
  name: 'RNN',
  family: 'recurrent',
  schema,
  arity: [1, 1 + 2 * MAX_CELLS],
  weights: (config, [input]) =>
    fedCells(config, input).flatMap(({ place, kind, config: own, input: fed }) =>
      lead(place, kindNamed(kind).weights(own, [fed])),
    ),
  outputs(config, inputs) {
    const [batch, steps] = sequenceShape(inputs[0]);
    const cells = cellLayers(config);
    const states = cells.flatMap((one) =>
      Array.from({ length: one.states }, (): Shape => [batch, unitsOf(one)]),
    );
    requireStates(inputs, states);
    const units = unitsOf(cells[cells.length - 1]);
    const output = config.return_sequences ? [batch, steps, units] : [batch, units];
    return [output, ...(config.return_state ? states : [])];
  },
  flops: (config, [input]) =>
    fedCells(config, input).reduce(
      (sum, { kind, config: own, input: fed }) => sum + kindNamed(kind).flops(own, [fed], []),
      0,
    ),
};

/** Each cell with the shape of the sequence that it is fed. */
function fedCells(config: RnnConfig, input: Shape): readonly (CellLayer & { readonly input: Shape })[] {
  const [batch, steps] = sequenceShape(input);
  const cells = cellLayers(config);
  return cells.map((one, index) => ({
    ...one,
    input: index === 0 ? input : [batch, steps, unitsOf(cells[index - 1])],
  }));
}

const unitsOf = ({ config }: InnerLayer): number => config.units as number;

function kindNamed(name: string): LayerKind {
  const found = Object.values(LAYERS).find(({ kind }) => kind.name === name);
  if (!found) throw new Error(`no cell is run by a ${name}`);
  return found.kind;
}
