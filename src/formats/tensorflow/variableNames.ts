import type { BundleTensor } from './bundle';
import { pathsFromRoot, type TrackedObject } from './objectGraph';
import { weightNameOf } from './weightName';

/** Where a variable of a checkpoint is shown. */
export interface VariableName {
  /** The scope that its layer is, as the file has it. */
  readonly layer: string;
  /** In Keras's words: `kernel`. */
  readonly weight: string;
  /** In the file's. */
  readonly written: string;
  readonly group: readonly string[];
  /** It belongs to training (an optimizer's memory, a counter), not to the model. */
  readonly training: boolean;
}

type Names = ReadonlyMap<BundleTensor, VariableName>;

/** The group of what belongs to training. */
const TRAINING_GROUP = 'optimizer';

/** Variables that TensorFlow 1 keeps beside a model's. */
const COUNTERS = /^(global_step|beta[12]_power(_\d+)?|save_counter)$/;

/** What `tf.train.MovingAverageOptimizer` and optimizers append to the name of the variable that a slot is for. */
const SLOT =
  /^(Adam|Adam_1|Momentum|RMSProp|RMSProp_1|Adagrad|Adadelta|Adadelta_1|Ftrl|Ftrl_1|ExponentialMovingAverage)$/;

/** Names of a checkpoint of TensorFlow 1, which are those of the variables. */
export function nameByKey(variables: readonly BundleTensor[]): Names {
  const byKey = new Map(variables.map((variable) => [variable.key, variable]));
  return new Map(
    variables.map((variable) => {
      const { key, shape } = variable;
      const slash = key.lastIndexOf('/');
      const owner = byKey.get(key.slice(0, Math.max(0, slash)));
      const isSlot = SLOT.test(key.slice(slash + 1)) && owner?.shape.join() === shape.join();
      return [variable, nameOf(key, isSlot || COUNTERS.test(key.slice(slash + 1)))];
    }),
  );
}

/**
 * Names of an object-based checkpoint: a variable's own name where no other has it, else its place among the objects. A
 * variable that no way leads to but through an optimizer is that optimizer's.
 */
export function nameByObject(variables: readonly BundleTensor[], objects: readonly TrackedObject[]): Names {
  const slots = new Set(objects.flatMap((object) => object.slots));
  const reached = pathsFromRoot(objects, (child) => !/^_?optimizer$|^save_counter$|^keras_api$/.test(child));
  const places = pathsFromRoot(objects, () => true);
  const byKey = new Map<string, { fullName: string; place: readonly string[]; training: boolean }>();
  const counts = new Map<string, number>();
  objects.forEach(({ attributes }, index) => {
    const training = slots.has(index) || !reached.has(index);
    const place = (training ? undefined : reached.get(index)) ?? places.get(index) ?? [];
    for (const { fullName, key } of attributes) {
      byKey.set(key, { fullName, place, training });
      counts.set(fullName, (counts.get(fullName) ?? 0) + 1);
    }
  });
  return new Map(
    variables.map((variable) => {
      const known = byKey.get(variable.key);
      if (!known) return [variable, nameOf(variable.key.replace(/\/\.ATTRIBUTES\/.*$/, ''), false)];
      const own = known.fullName !== '' && counts.get(known.fullName) === 1;
      // A slot of Keras 2 is named after its variable alone, and so stands under its place.
      const written = own ? known.fullName : known.place.join('/');
      return [variable, nameOf(written === '' ? variable.key : written, known.training)];
    }),
  );
}

function nameOf(written: string, training: boolean): VariableName {
  const segments = written.split('/');
  const last = segments.at(-1)!;
  const scope = segments.slice(0, -1);
  const layer = scope.length === 0 ? last : scope.join('/');
  return {
    layer: training ? `${TRAINING_GROUP}/${layer}` : layer,
    weight: training ? last : weightNameOf(last),
    written: last,
    group: [...(training ? [TRAINING_GROUP] : []), ...scope.slice(0, -1)],
    training,
  };
}
