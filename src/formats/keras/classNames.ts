import { isJsonRecord, type JsonRecord } from './json';

/**
 * Classes that files name otherwise than Keras 3 exports them: its own names in `.h5`, those of layers that TensorFlow 1
 * and 2 had in two versions, and those that only cuDNN could compute.
 */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ['GroupedQueryAttention', 'GroupQueryAttention'],
  ['BatchNormalizationV1', 'BatchNormalization'],
  ['BatchNormalizationV2', 'BatchNormalization'],
  ['SyncBatchNormalization', 'BatchNormalization'],
  ['UnifiedLSTM', 'LSTM'],
  ['UnifiedGRU', 'GRU'],
  ['CuDNNLSTM', 'LSTM'],
  ['CuDNNGRU', 'GRU'],
]);

/** cuDNN knows these only, so they are in no configuration. */
const CUDNN: JsonRecord = { activation: 'tanh', recurrent_activation: 'sigmoid', use_bias: true };

/** Wrappers hold one layer, at most two; a file could hold any number inside each other. */
const MAX_WRAPPED = 8;

/** A layer's class and configuration by the names of Keras 3, of the layers inside it too. */
export function readClass(
  written: string,
  config: JsonRecord,
  depth = 0,
): { readonly className: string; readonly config: JsonRecord } {
  const className = CLASSES.get(written) ?? written;
  const added = written.startsWith('CuDNN') && className !== written ? CUDNN : {};
  const reset = written === 'CuDNNGRU' ? { reset_after: true } : {};
  const inner = Object.entries(config).flatMap(([key, value]) =>
    (key === 'layer' || key === 'backward_layer') && depth < MAX_WRAPPED
      ? [[key, readInner(value, depth)]]
      : [],
  );
  return { className, config: { ...config, ...Object.fromEntries(inner), ...added, ...reset } };
}

function readInner(value: unknown, depth: number): unknown {
  if (!isJsonRecord(value) || typeof value.class_name !== 'string' || !isJsonRecord(value.config))
    return value;
  const { className, config } = readClass(value.class_name, value.config, depth + 1);
  return { ...value, class_name: className, config };
}
