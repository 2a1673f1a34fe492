import { Failure } from '../../core/failure';
import { inferShapes, shapeOf } from '../../core/graph/infer';
import type { LayerGraph } from '../../core/graph/layerGraph';
import { showShape } from '../../core/layers/kind';
import type { Data, Plan, Preprocess } from '../../core/plan/plan';
import { literal } from './literal';
import { call } from './newLayer';
import { t } from '../../l10n/translate';

/** Code that makes a plan's data, and the arguments by which `model.fit` takes it. */
export interface DataScript {
  readonly lines: readonly string[];
  readonly fit: readonly string[];
  readonly numpy: boolean;
}

/** @param pathCode a file's path as code, relative to the script */
export function dataScript(plan: Plan, graph: LayerGraph, pathCode: (file: string) => string): DataScript {
  const { data } = plan;
  if ('augment' in data && data.augment) {
    throw unsupported(
      t(
        'the plan cannot be written as a Keras script: it augments its images, whose draws Keras would make others; take "augment" out of the plan',
      ),
    );
  }
  if (data.kind === 'images') return imageScript(plan, data, graph, pathCode);
  if (data.kind === 'arrays') return arrayScript(plan, data, pathCode);
  throw unsupported(
    t(
      'the plan cannot be written as a Keras script: it has data of kind "{0}", expected "images" or "arrays"',
      data.kind,
    ),
  );
}

type DataOf<Kind extends Data['kind']> = Extract<Data, { readonly kind: Kind }>;

function imageScript(
  plan: Plan,
  data: DataOf<'images'>,
  graph: LayerGraph,
  pathCode: (file: string) => string,
): DataScript {
  const { height, width, channels } = imageSize(graph, data.size);
  const dataset = (folder: string, more: readonly string[]) =>
    call('keras.utils.image_dataset_from_directory', [
      `str(${pathCode(folder)})`,
      `color_mode=${channels === 1 ? '"grayscale"' : '"rgb"'}`,
      `image_size=${literal([height, width])}`,
      `batch_size=${plan.batchSize}`,
      ...more,
    ]);
  const order = plan.shuffle ? [`seed=${plan.seed}`] : ['shuffle=False'];
  const { validation } = data;
  const formula = formulaOf(data.preprocess);
  const names = validation === 0 ? ['train'] : ['train', 'validation'];
  return {
    lines: [
      ...(typeof validation === 'string'
        ? [`train = ${dataset(data.train, order)}`, `validation = ${dataset(validation, ['shuffle=False'])}`]
        : validation === 0
          ? [`train = ${dataset(data.train, order)}`]
          : sharedImages(plan, (more) => dataset(data.train, more), validation)),
      ...(formula === 'images'
        ? []
        : [
            '',
            '',
            'def preprocess(images, labels):',
            `    return ${formula}, labels`,
            '',
            '',
            ...names.map((name) => `${name} = ${name}.map(preprocess)`),
          ]),
    ],
    fit: ['train', ...(validation === 0 ? [] : ['validation_data=validation'])],
    numpy: false,
  };
}

/** Keras keeps a share by one shuffling of all images; in the folder's order it would be the last classes alone. */
function sharedImages(plan: Plan, dataset: (more: readonly string[]) => string, share: number) {
  if (!plan.shuffle) {
    throw unsupported(
      t(
        'the plan cannot be written as a Keras script: it holds a share of its images back for validation and does not shuffle, which Keras cannot do together; name a folder for "validation", or shuffle',
      ),
    );
  }
  const made = dataset([`validation_split=${literal(share)}`, 'subset="both"', `seed=${plan.seed}`]);
  return [`train, validation = ${made}`];
}

function arrayScript(plan: Plan, data: DataOf<'arrays'>, pathCode: (file: string) => string): DataScript {
  const { validation, y } = data;
  if (
    y === undefined ||
    validation === 'test' ||
    (typeof validation === 'object' && validation.y === undefined)
  ) {
    throw unsupported(
      t(
        'the plan cannot be written as a Keras script: it takes its arrays from a .npz file, expected two .npy files as "x" and "y"',
      ),
    );
  }
  const load = (file: string) => `np.load(${pathCode(file)})`;
  const fit = ['x', 'y', `batch_size=${plan.batchSize}`, `shuffle=${literal(plan.shuffle)}`];
  const lines = [`x, y = ${load(data.x)}, ${load(y)}`];
  if (validation === 0) return { lines, fit, numpy: true };
  const held =
    typeof validation === 'number'
      ? [
          `order = np.random.default_rng(${plan.seed}).permutation(len(x))`,
          `held = round(len(x) * ${literal(validation)})`,
          'kept, held = np.sort(order[held:]), np.sort(order[:held])',
          'validation = x[held], y[held]',
          'x, y = x[kept], y[kept]',
        ]
      : [`validation = ${load(validation.x)}, ${load(validation.y ?? validation.x)}`];
  return { lines: [...lines, ...held], fit: [...fit, 'validation_data=validation'], numpy: true };
}

/** `(images * scale - mean) / std`, what changes nothing left out. The numbers are those of `src/data/preprocess.ts`. */
function formulaOf(preprocess: Preprocess): string {
  switch (preprocess) {
    case 'none':
      return 'images';
    case 'unit':
      return 'images / 255';
    case 'tf':
      return 'images / 127.5 - 1';
    case 'caffe':
      return 'images[..., ::-1] - (103.939, 116.779, 123.68)';
    case 'torch':
      return '(images / 255 - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)';
  }
  const { scale, mean, std, channels } = preprocess;
  const single = (values: readonly number[]) =>
    literal(values.length === 1 && values[0] !== undefined ? values[0] : values);
  const images = channels === 'bgr' ? 'images[..., ::-1]' : 'images';
  return `(${images} * ${literal(scale)} - ${single(mean)}) / ${single(std)}`;
}

function imageSize(graph: LayerGraph, size: readonly [number, number] | undefined) {
  const inference = inferShapes(graph);
  const shapes = graph.inputs.map((input) => shapeOf(inference, input));
  const [, height, width, channels] = shapes[0] ?? [];
  const [tall, wide] = [height ?? size?.[0], width ?? size?.[1]];
  if (shapes.length === 1 && shapes[0]?.length === 4 && tall && wide && (channels === 1 || channels === 3)) {
    return { height: tall, width: wide, channels };
  }
  const [first, ...others] = shapes.map((shape) => (shape ? showShape(shape) : t('an unknown shape')));
  const found = others.reduce((before, shape) => t('{0} and {1}', before, shape), first ?? t('nothing'));
  throw unsupported(
    t(
      'the plan cannot be written as a Keras script: it feeds images, and the model takes {0}, expected (None, height, width, 1 or 3); say "size" in the plan where the model leaves it open',
      found,
    ),
  );
}

function unsupported(message: string): Failure {
  return new Failure('input', 'PYTHON_PLAN', message);
}
