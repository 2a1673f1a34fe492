import { toSnakeCase } from '../../core/layers/fields';
import { isJsonRecord, parseJson } from '../keras/json';

/** Around the model itself: what the converter says, and (in files that were converted twice) what Keras says. */
const MAX_AROUND = 4;

/**
 * The model of a `modelTopology`, `{ class_name, config }`. Converters of 2018 and 2019 put it into `model_config`, some
 * as text; early versions of TensorFlow.js wrote its keys in camel case.
 * @throws Failure `MODEL_CONFIG`
 */
export function readTopology(topology: unknown, where: string): unknown {
  let model = topology;
  for (let around = 0; around < MAX_AROUND; around++) {
    if (typeof model === 'string') model = parseJson(model, where);
    else if (isJsonRecord(model) && !('class_name' in model)) {
      const inner = model.model_config ?? model.modelConfig;
      if (inner === undefined) break;
      model = inner;
    } else break;
  }
  return isJsonRecord(model) && 'className' in model ? inSnakeCase(model) : model;
}

/** Keys only: values are read in either case, and names are somebody's own. */
function inSnakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inSnakeCase);
  if (!isJsonRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [toSnakeCase(key), inSnakeCase(inner)]),
  );
}
