import { Failure } from '../core/failure';
import { shapeOf, type Inference } from '../core/graph/infer';
import { layersById } from '../core/graph/lookup';
import type { LayerGraph, Shape, TensorRef } from '../core/graph/layerGraph';
import { showShape } from '../core/layers/kind';
import { isCategorical, type Loss } from '../core/plan/objective';
import type { ImageSize } from './decodeImage';
import { t, tn } from '../l10n/translate';

/** What data must look like to train a model: one input tensor, one row of numbers a sample. */
export interface Classifier {
  /** Of one sample, without the batch. */
  readonly input: Shape;
  readonly inputLayer: string;
  /** Numbers of the output. */
  readonly units: number;
  readonly loss: Loss;
  /** How many classes those tell apart: one a unit, but two where there is one unit and the loss takes it for yes or no. */
  readonly classes: number;
  readonly outputLayer: string;
}

/** @throws Failure of kind `input` when the graph is no classifier of one input and one output */
export function classifierOf(
  graph: LayerGraph,
  inference: Inference,
  loss: Loss = 'sparseCategoricalCrossentropy',
): Classifier {
  const input = onlyTensor(graph, inference, 'input');
  const output = onlyTensor(graph, inference, 'output');
  const units = output.shape[1];
  if (output.shape.length !== 2 || typeof units !== 'number') {
    throw new Failure(
      'input',
      'OUTPUT_SHAPE',
      t(
        'the output "{0}" has shape {1}, expected (None, classes): append a head, for example GlobalAveragePooling2D or Flatten, then Dense',
        output.name,
        showShape(output.shape),
      ),
      { layer: output.name },
    );
  }
  const classes = units === 1 && !isCategorical(loss) ? 2 : units;
  return {
    input: input.shape.slice(1),
    inputLayer: input.name,
    units,
    loss,
    classes,
    outputLayer: output.name,
  };
}

/** The tensor that feeds the graph. @throws Failure of kind `input` when there is not exactly one */
export function onlyInput(graph: LayerGraph, inference: Inference): { name: string; shape: Shape } {
  const { name, shape } = onlyTensor(graph, inference, 'input');
  return { name, shape: shape.slice(1) };
}

/**
 * The size to decode images to.
 * @param size height and width as the plan says them, where it does
 * @throws Failure of kind `input` when the input takes no images, or others than the plan says
 */
export function imageSizeOf(input: Shape, layer: string, size?: readonly [number, number]): ImageSize {
  const [height, width, channels] = input;
  if (input.length !== 3 || (channels !== 1 && channels !== 3)) {
    throw new Failure(
      'input',
      'INPUT_NOT_IMAGES',
      t(
        'the input "{0}" takes {1}, expected (None, height, width, 1 or 3) to feed it images',
        layer,
        showShape([null, ...input]),
      ),
      { layer },
    );
  }
  const wanted = [height ?? size?.[0], width ?? size?.[1]] as const;
  if (wanted[0] === undefined || wanted[1] === undefined) {
    throw new Failure(
      'input',
      'IMAGE_SIZE_UNKNOWN',
      t(
        'the input "{0}" takes {1}: any size; say which in the plan, for example "size": [224, 224]',
        layer,
        showShape([null, ...input]),
      ),
      { layer },
    );
  }
  if (size && (size[0] !== wanted[0] || size[1] !== wanted[1])) {
    throw new Failure(
      'input',
      'IMAGE_SIZE',
      t(
        'the plan\'s size is {0}, the input "{1}" takes {2}; leave "size" out or set it so',
        size.join('×'),
        layer,
        wanted.join('×'),
      ),
      { layer },
    );
  }
  return { height: wanted[0], width: wanted[1], channels };
}

/**
 * @param classes how many the data has
 * @throws Failure of kind `input` with both numbers
 */
export function matchClasses(classes: number, model: Classifier, where: string): void {
  if (classes === model.classes) return;
  throw new Failure(
    'input',
    'CLASSES_MISMATCH',
    tn(
      model.units,
      '{0}: found {1} classes, the model\'s output "{2}" has {3} unit; cut the head and append a Dense with {1} units, or train on {4} classes',
      '{0}: found {1} classes, the model\'s output "{2}" has {3} units; cut the head and append a Dense with {1} units, or train on {4} classes',
      where,
      classes,
      model.outputLayer,
      model.units,
      model.classes,
    ),
    { path: where, layer: model.outputLayer },
  );
}

/**
 * Rows of an array against the input they feed.
 * @param rows of one row, without the batch
 * @throws Failure of kind `input` with both shapes
 */
export function matchRows(rows: Shape, input: Shape, layer: string, where: string): void {
  const fits =
    rows.length === input.length && input.every((axis, index) => axis === null || axis === rows[index]);
  if (fits) return;
  throw new Failure(
    'input',
    'INPUT_SHAPE',
    t(
      '{0}: found rows that make {1}, the input "{2}" takes {3}; reshape the array',
      where,
      showShape([null, ...rows]),
      layer,
      showShape([null, ...input]),
    ),
    { path: where, layer },
  );
}

function onlyTensor(
  graph: LayerGraph,
  inference: Inference,
  end: 'input' | 'output',
): { name: string; shape: Shape } {
  const tensors: readonly TensorRef[] = end === 'input' ? graph.inputs : graph.outputs;
  const byId = layersById(graph);
  const names = tensors.map(({ layer }) => byId.get(layer)?.name ?? layer);
  const [tensor, name] = [tensors[0], names[0]];
  if (tensors.length !== 1 || !tensor || name === undefined) {
    throw new Failure(
      'input',
      'MODEL_ENDS',
      end === 'input'
        ? t(
            'the model has {0} inputs ({1}), expected one; cut it down to one',
            tensors.length,
            names.join(', '),
          )
        : t(
            'the model has {0} outputs ({1}), expected one; cut it down to one',
            tensors.length,
            names.join(', '),
          ),
    );
  }
  const shape = shapeOf(inference, tensor);
  if (shape) return { name, shape };
  const message =
    end === 'input'
      ? t('the shape of the input "{0}" is not known', name)
      : t('the shape of the output "{0}" is not known', name);
  throw new Failure('input', 'SHAPE_UNKNOWN', message, { layer: name });
}
