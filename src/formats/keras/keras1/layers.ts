import { isJsonRecord, type JsonRecord } from '../json';

/** What Keras 1 called classes of today. */
const CLASSES: Readonly<Record<string, string>> = {
  Convolution1D: 'Conv1D',
  Convolution2D: 'Conv2D',
  Convolution3D: 'Conv3D',
  AtrousConvolution1D: 'Conv1D',
  AtrousConvolution2D: 'Conv2D',
  Deconvolution2D: 'Conv2DTranspose',
  SeparableConvolution2D: 'SeparableConv2D',
  // Dense works on the last axis, whatever is before it.
  TimeDistributedDense: 'Dense',
};

/** Keys of many classes that the catalogue's schemas do not know by their old names. */
const KEYS: Readonly<Record<string, string>> = {
  dim_ordering: 'data_format',
  border_mode: 'padding',
  b_regularizer: 'bias_regularizer',
  W_constraint: 'kernel_constraint',
  b_constraint: 'bias_constraint',
  bias: 'use_bias',
};

/** What `W`, and `init`, are of the classes that have one. */
const MAIN_WEIGHT: Readonly<Record<string, string>> = {
  Embedding: 'embeddings',
  PReLU: 'alpha',
  SeparableConv2D: '',
};

const DATA_FORMATS: Readonly<Record<string, string>> = { th: 'channels_first', tf: 'channels_last' };

const REGULARIZERS: ReadonlySet<string> = new Set([
  'WeightRegularizer',
  'ActivityRegularizer',
  'L1L2Regularizer',
]);

export interface CurrentLayer {
  readonly className: string;
  readonly config: JsonRecord;
}

/** A layer of Keras 1, with today's names of its class and its keys, as far as the catalogue does not know the old. */
export function currentLayer(className: string, config: JsonRecord): CurrentLayer {
  const current = Object.hasOwn(CLASSES, className) ? CLASSES[className]! : className;
  const kernel = Object.hasOwn(MAIN_WEIGHT, current) ? MAIN_WEIGHT[current]! : 'kernel';
  const names: Readonly<Record<string, string>> =
    kernel === ''
      ? KEYS
      : {
          ...KEYS,
          W_regularizer: `${kernel}_regularizer`,
          W_constraint: `${kernel}_constraint`,
          init: `${kernel}_initializer`,
        };
  const written: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    if (value === null || (current === 'Conv2DTranspose' && key === 'output_shape')) continue;
    const name = Object.hasOwn(names, key) ? names[key]! : key;
    written[name] = currentValue(name, value);
  }
  const size = kernelSize(written);
  if (size) written.kernel_size = size;
  for (const key of ['nb_row', 'nb_col', 'kernel_dim1', 'kernel_dim2', 'kernel_dim3']) delete written[key];
  return { className: current, config: written };
}

function currentValue(name: string, value: unknown): unknown {
  if (name === 'data_format') return DATA_FORMATS[String(value)] ?? value;
  if (name === 'layer' && isJsonRecord(value) && typeof value.class_name === 'string') {
    const { className, config } = currentLayer(
      value.class_name,
      isJsonRecord(value.config) ? value.config : {},
    );
    return { ...value, class_name: className, config };
  }
  if (!isJsonRecord(value) || typeof value.name !== 'string') return value;
  // Objects of Keras 1 are flat: their class beside their values.
  if (name.endsWith('_regularizer')) return regularizer(value.name, value);
  return name.endsWith('_constraint') ? constraint(value.name, value) : value;
}

function regularizer(name: string, { l1, l2, ...others }: JsonRecord): unknown {
  if (!REGULARIZERS.has(name)) return { class_name: name, config: others };
  return { class_name: 'L1L2', config: { l1: l1 ?? 0, l2: l2 ?? 0 } };
}

function constraint(name: string, { m, axis }: JsonRecord): unknown {
  return {
    class_name: name,
    config: { ...(m !== undefined && { max_value: m }), ...(axis !== undefined && { axis }) },
  };
}

function kernelSize({
  nb_row: rows,
  nb_col: columns,
  ...config
}: JsonRecord): readonly unknown[] | undefined {
  if (rows !== undefined && columns !== undefined) return [rows, columns];
  const { kernel_dim1: depth, kernel_dim2: height, kernel_dim3: width } = config;
  return depth === undefined ? undefined : [depth, height, width];
}
