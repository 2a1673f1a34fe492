import path from 'node:path';
import type { FromTrainer, Prediction } from '../protocol/trainer';
import type { Command } from './command';
import { runTrainer } from './trainerRun';

type Predictions = Extract<FromTrainer, { type: 'predictions' }>;

const TOP = 5;

export const predict: Command = {
  name: 'predict',
  operand: 'MODEL',
  does: 'compute what a model says of an array, an image or a folder of images',
  options: {
    input: { value: 'X', does: 'a .npy (fed as it is), an image, or a folder of images', required: true },
    recipe: { value: 'R', does: 'perform this recipe on the model first' },
    output: { value: 'Y.npy', does: 'write the outputs there' },
    top: { value: 'K', does: `print the K highest scores (${TOP} where left out)` },
    engine: { value: 'E', does: 'what computes: auto, tensorflow, webgpu, wasm, cpu' },
    'allow-cpu': { does: 'let tensorflow compute on the processor where it finds no graphics card' },
  },
  async run(args, terminal) {
    const absolute = (name: string) => {
      const file = args.text(name);
      return file === undefined ? undefined : path.resolve(file);
    };
    let answer: Predictions | undefined;
    const status = await runTrainer(
      {
        type: 'predict',
        model: path.resolve(args.operand),
        recipe: absolute('recipe'),
        input: path.resolve(args.required('input')),
        output: absolute('output'),
        top: args.count('top', TOP),
        engine: args.text('engine'),
        allowCpu: args.flag('allow-cpu'),
      },
      terminal,
      (message) => {
        if (message.type === 'predictions') answer = message;
      },
      () => terminal.warn('interrupted'),
    );
    if (!answer) return status;
    const { shape, predictions } = answer;
    if (args.flag('json')) terminal.write(`${JSON.stringify({ shape, predictions })}\n`);
    else terminal.write(renderPredictions(answer, args.text('output')));
    return status;
  },
};

export function renderPredictions({ shape, predictions }: Predictions, output: string | undefined): string {
  const width = Math.max(0, ...predictions.map(({ input }) => nameOf(input).length));
  const lines = predictions.map(({ input, top }) => {
    const scores = top.map(({ label, score }) => `${label} ${score.toFixed(4)}`);
    return `${nameOf(input).padEnd(width)}  ${scores.join('  ')}`;
  });
  const text = `outputs of shape (${shape.join(', ')})`;
  if (output !== undefined) lines.push(`wrote ${output}: ${text}`);
  else if (predictions.length === 0) lines.push(`${text}; say --output Y.npy to keep them`);
  return `${lines.join('\n')}\n`;
}

const nameOf = (input: Prediction['input']) => path.basename(input);
