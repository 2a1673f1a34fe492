import type { LayerConfig } from '../../core/graph/layerGraph';
import { BINARY, REDUCING, UNARY, type PadConfig } from '../../core/layers/tensorOperations';
import type { ClipConfig, NumberOperationConfig } from '../../core/layers/numberOperations';
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
} from '../../core/layers/tensorShaping';
import type { EinsumConfig } from '../../core/layers/tensorProducts';

/** An operation of `keras.ops` as a node of a functional model. */
export interface WrittenOperation {
  readonly className: string;
  /** Where Keras 3 keeps the class. */
  readonly module: string;
  readonly config: LayerConfig;
  /** What it is called with, around its tensors. */
  readonly call: (tensors: readonly unknown[]) => {
    readonly args: readonly unknown[];
    readonly kwargs: Readonly<Record<string, unknown>>;
  };
}

/** Merging layers that are operations of the same name where one of their tensors is a constant. */
export const MERGING: ReadonlySet<string> = new Set(['Add', 'Subtract', 'Multiply', 'Maximum', 'Minimum']);

/** Kinds that Keras has outside of its NumPy. */
const MODULES: Readonly<Record<string, string>> = { Erf: 'math', Rsqrt: 'math', Unstack: 'core' };

interface Form {
  readonly className?: string;
  readonly config?: LayerConfig;
  readonly args?: (tensors: readonly unknown[]) => readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
}

const ofConfig =
  <C extends LayerConfig>(form: (config: C) => Form) =>
  (config: LayerConfig): Form =>
    form(config as C);

/** Operations whose configuration is not that of their kind, or that are called with more than tensors. */
const FORMS: Readonly<Record<string, (config: LayerConfig) => Form>> = {
  Round: () => ({ config: { decimals: 0 } }),
  Pad: ofConfig<PadConfig>(({ pad_width, mode, constant_values }) => ({
    config: { pad_width, mode },
    kwargs: { constant_values: mode === 'constant' ? constant_values : null },
  })),
  TensorReshape: ofConfig<TensorReshapeConfig>(({ shape }) => ({
    className: 'Reshape',
    config: { newshape: shape },
  })),
  Transpose: ofConfig<TransposeConfig>(({ axes }) => ({ config: { axes } })),
  ExpandDims: ofConfig<AxisConfig>(({ axis }) => ({ config: { axis } })),
  Squeeze: ofConfig<SqueezeConfig>(({ axis }) => ({ config: { axis } })),
  Tile: ofConfig<TileConfig>(({ repeats }) => ({ config: { repeats } })),
  Take: ofConfig<TakeConfig>(({ indices, axis }) => ({
    config: { axis },
    args: (tensors) => [...tensors, indices],
  })),
  GetItem: ofConfig<GetItemConfig>(({ key }) => ({
    args: (tensors) => [
      ...tensors,
      key.map((one) => (typeof one === 'number' ? one : { class_name: '__slice__', config: one })),
    ],
  })),
  Stack: ofConfig<AxisConfig>(({ axis }) => ({ config: { axis }, args: (tensors) => [tensors] })),
  Split: ofConfig<SplitConfig>(({ sizes, axis }) => ({
    config: { indices_or_sections: endsOf(sizes), axis },
  })),
  Unstack: ofConfig<UnstackConfig>(({ num, axis }) => ({ config: { num, axis } })),
  Einsum: ofConfig<EinsumConfig>(({ subscripts }) => ({
    config: { subscripts: inSmallLetters(subscripts) },
  })),
  Matmul: () => ({}),
  Where: () => ({}),
  Clip: ofConfig<ClipConfig>(({ x_min: least, x_max: most }) => {
    if (least !== null && most !== null) return { config: { x_min: least, x_max: most } };
    const className = most === null ? 'Maximum' : 'Minimum';
    return { className, args: (tensors) => [...tensors, most ?? least] };
  }),
  NumberOperation: ofConfig<NumberOperationConfig>(({ operation, number, number_first: first }) => ({
    className: operation,
    args: (tensors) => (first ? [number, ...tensors] : [...tensors, number]),
  })),
  ...Object.fromEntries(
    REDUCING.map((name) => [
      name,
      ({ axis, keepdims }: LayerConfig): Form => ({ config: { axis, keepdims } }),
    ]),
  ),
};

const PLAIN: ReadonlySet<string> = new Set<string>([...UNARY, ...BINARY, ...MERGING]);

/** A kind of the family `operation`, or a merging layer, as Keras writes it; nothing where Keras has no such operation. */
export function writeOperation(kind: string, config: LayerConfig): WrittenOperation | undefined {
  const form = Object.hasOwn(FORMS, kind) ? FORMS[kind]!(config) : PLAIN.has(kind) ? {} : undefined;
  if (!form) return undefined;
  const { className = kind, config: written = {}, args = (tensors) => tensors, kwargs = {} } = form;
  return {
    className,
    module: `keras.src.ops.${MODULES[className] ?? 'numpy'}`,
    config: written,
    call: (tensors) => ({ args: args(tensors), kwargs }),
  };
}

/** Where each part but the last ends. */
function endsOf(sizes: readonly number[]): readonly number[] {
  let end = 0;
  return sizes.slice(0, -1).map((size) => (end += size));
}

/** Keras takes large letters for sizes. */
function inSmallLetters(subscripts: string): string {
  const letters = [...new Set(subscripts.match(/[A-Za-z]/g))];
  return subscripts.replaceAll(/[A-Za-z]/g, (letter) => String.fromCharCode(0x61 + letters.indexOf(letter)));
}
