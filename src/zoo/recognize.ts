import { sizeOf, type LayerGraph, type Shape } from '../core/graph/layerGraph';
import type { ModelFile } from '../formats/format';
import { t } from '../l10n/translate';
import type { ZooEntry } from './architecture';
import { zooEntries } from './registry';
import { stateDictOf, withCurrentNames } from './stateDict';
import { takeWeights } from './takeWeights';

/** A state dict whose architecture is known. */
export interface Recognized {
  readonly entry: ZooEntry;
  /** The whole model, its weights pointing into the file; its top gives logits, as torchvision's does. */
  readonly graph: LayerGraph;
}

/** What torchvision calls its classifiers. */
const CLASSIFIERS = ['fc', 'classifier', 'classifier.1', 'classifier.6'];

/** Of the published classifiers. */
const IMAGENET_CLASSES = 1000;

/**
 * A file of weights alone as the model that they are of: one of torchvision's, told by its state dict. Any other file is
 * given back as it is.
 */
export function withArchitecture(file: ModelFile): ModelFile {
  const recognized = recognizeStateDict(file);
  if (!recognized) return file;
  const { format, path, labels } = file;
  const { entry, graph } = recognized;
  const message = t(
    'the file holds weights and no architecture: by their names and shapes they are of {0} and it is drawn so; its outputs are logits, its images go through the preprocessing "torch"',
    entry.name,
  );
  const told = { severity: 'warning', code: 'ARCHITECTURE_RECOGNIZED', message } as const;
  const others = file.report.filter(({ code }) => code !== 'WEIGHTS_ONLY');
  return {
    ...{ format, path, ...(labels && { labels }) },
    graph: { ...graph, name: file.graph.name },
    report: [told, ...others],
  };
}

/**
 * The model of torchvision that a state dict is of: told by the names of all its weights and their shapes, the number of
 * classes apart. Nothing where it is of none of them.
 * @param file one that holds weights alone
 */
export function recognizeStateDict(file: ModelFile): Recognized | undefined {
  if (!file.weightsOnly) return undefined;
  const given = shapesIn(file.graph);
  for (const entry of zooEntries()) {
    if (entry.source !== 'torchvision' || !hasSize(given, entry)) continue;
    const classes = classesIn(given, expectedOf(entry));
    if (classes === undefined) continue;
    const graph = entry.build({ classes, classifierActivation: null });
    return { entry, graph: takeWeights(entry, graph, file) };
  }
  return undefined;
}

/** Whether so many numbers would be the entry's, had its classifier the published classes: cheap, where building is not. */
function hasSize(given: ReadonlyMap<string, Shape>, { parameters }: ZooEntry): boolean {
  const numbers = [...given.values()].reduce((sum, shape) => sum + sizeOf(shape), 0);
  return CLASSIFIERS.some((name) => {
    const [classes, inputs] = given.get(`${name}.weight`) ?? [];
    if (typeof classes !== 'number' || typeof inputs !== 'number') return false;
    return numbers + (IMAGENET_CLASSES - classes) * (inputs + 1) === parameters;
  });
}

/** Names and shapes as the entry's published weights have them; each is built once. */
function expectedOf(entry: ZooEntry): ReadonlyMap<string, Shape> {
  const known = expectations.get(entry);
  if (known) return known;
  const expected = stateDictOf(entry.build());
  expectations.set(entry, expected);
  return expected;
}

const expectations = new WeakMap<ZooEntry, ReadonlyMap<string, Shape>>();

function shapesIn(stored: LayerGraph): ReadonlyMap<string, Shape> {
  const shapes = withCurrentNames(stored).layers.flatMap((layer) =>
    layer.weights
      .filter((weight) => weight.name !== 'num_batches_tracked')
      .map((weight) => [`${layer.name}.${weight.name}`, weight.shape] as const),
  );
  return new Map(shapes);
}

/** How many classes the state dict has where it is what is expected, whose last two weights are those of the classifier. */
function classesIn(
  given: ReadonlyMap<string, Shape>,
  expected: ReadonlyMap<string, Shape>,
): number | undefined {
  if (given.size !== expected.size) return undefined;
  const classifier = new Set([...expected.keys()].slice(-2));
  const agrees = [...expected].every(([name, shape]) => {
    const found = given.get(name);
    const from = classifier.has(name) ? 1 : 0;
    return found?.length === shape.length && shape.every((size, axis) => axis < from || size === found[axis]);
  });
  const [bias] = [...classifier].slice(-1);
  return agrees && bias !== undefined ? (given.get(bias)?.[0] ?? undefined) : undefined;
}
