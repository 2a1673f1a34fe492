import { Failure } from '../../core/failure';
import { MAX_SEARCH_DEPTH, MAX_SEARCHED } from './bounds';
import { isModule } from './modules';
import {
  describeValue,
  ForeignObject,
  PickleDict,
  sequence,
  TensorValue,
  type PickleValue,
} from './pickle/values';
import { t } from '../../l10n/translate';

/** A dictionary of tensors or a saved model, and where in the file's value it is. */
export interface Candidate {
  readonly path: readonly string[];
  /** A tensor stands for itself. */
  readonly value: PickleValue;
  /** Tensors directly in it; a model's are not counted. */
  readonly tensors: number;
}

export interface Choice {
  readonly chosen: readonly Candidate[];
  readonly leftAside: readonly Candidate[];
}

/** What training scripts call the weights, the surest first. */
const USUAL_NAMES = [
  'state_dict',
  'model_state_dict',
  'model_state',
  'model',
  'net',
  'network',
  'module',
  'weights',
  'params',
];

/** What a training needs to go on, and a model does not. */
const OF_TRAINING = /optim|sched|scaler|(^|_)rng/i;

/**
 * Finds the weights in what a file holds: a state dict, a model, or a checkpoint with one of them somewhere inside.
 * Content decides: what holds tensors and belongs to no optimizer. Of several, one of a usual name that has most of the
 * tensors; else all of them together.
 * @throws Failure `PICKLE_CLASS` naming what hides the weights, `PYTORCH_NO_TENSORS`
 */
export function chooseWeights(root: PickleValue): Choice {
  const { candidates, foreign } = findCandidates(root);
  if (candidates.length === 0) throw noWeights(root, foreign);
  const outside = candidates.filter(({ path }) => !path.some((name) => OF_TRAINING.test(name)));
  const eligible = outside.length > 0 ? outside : candidates;
  const usual = eligible.length > 1 ? usualOne(eligible) : undefined;
  const chosen = usual ? [usual] : eligible;
  return { chosen, leftAside: candidates.filter((candidate) => !chosen.includes(candidate)) };
}

function usualOne(candidates: readonly Candidate[]): Candidate | undefined {
  // A file that is a state dict itself is one whatever its entries are called.
  if (candidates.some(({ path }) => path.length === 0)) return undefined;
  const least = Math.max(...candidates.map(({ tensors }) => tensors)) / 2;
  for (const name of USUAL_NAMES) {
    const found = candidates.find(
      ({ path, tensors, value }) => path.at(-1) === name && (tensors >= least || isModule(value)),
    );
    if (found) return found;
  }
  return undefined;
}

function findCandidates(root: PickleValue): {
  readonly candidates: readonly Candidate[];
  readonly foreign: string | undefined;
} {
  const candidates: Candidate[] = [];
  const seen = new Set<PickleValue>();
  let foreign: string | undefined;
  const search = (value: PickleValue, path: readonly string[]): void => {
    if (typeof value !== 'object' || value === null || seen.has(value) || seen.size >= MAX_SEARCHED) return;
    seen.add(value);
    if (isModule(value) || (value instanceof TensorValue && path.length === 0)) {
      candidates.push({ path, value, tensors: value instanceof TensorValue ? 1 : 0 });
      return;
    }
    if (value instanceof ForeignObject) foreign ??= value.path;
    const children = childrenOf(value);
    const tensors = children.filter(([, child]) => child instanceof TensorValue).length;
    if (tensors > 0) candidates.push({ path, value, tensors });
    if (path.length === MAX_SEARCH_DEPTH) return;
    for (const [name, child] of children) {
      if (!(child instanceof TensorValue)) search(child, [...path, name]);
    }
  };
  search(root, []);
  return { candidates, foreign };
}

/** What a dictionary has under text, or the objects in a list by their place. */
export function childrenOf(value: PickleValue): readonly (readonly [string, PickleValue])[] {
  const dict = value instanceof ForeignObject ? value.items : value;
  if (dict instanceof PickleDict) return [...dict.texts()];
  return (sequence(value) ?? []).flatMap((item, index) =>
    typeof item === 'object' && item !== null ? [[String(index), item] as const] : [],
  );
}

function noWeights(root: PickleValue, foreign: string | undefined): Failure {
  if (foreign !== undefined) {
    return new Failure(
      'input',
      'PICKLE_CLASS',
      t(
        'needs the class {0}: found {1} without tensors that can be read, expected a state dict or a torch.nn.Module; in PyTorch, save model.state_dict()',
        foreign,
        describeValue(root),
      ),
    );
  }
  return new Failure(
    'input',
    'PYTORCH_NO_TENSORS',
    t('found {0} without tensors, expected a state dict or a torch.nn.Module', describeValue(root)),
  );
}
