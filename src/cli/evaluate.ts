import path from 'node:path';
import type { Confusion, Evaluation, FromTrainer } from '../protocol/trainer';
import type { Command } from './command';
import { runTrainer } from './trainerRun';

export const evaluate: Command = {
  name: 'evaluate',
  operand: 'MODEL',
  does: "measure a model on a plan's validation data: loss, metrics, and which class was taken for which",
  options: {
    plan: { value: 'P', does: 'the plan whose data, loss and metrics are used', required: true },
    recipe: { value: 'R', does: 'perform this recipe on the model first' },
    engine: {
      value: 'E',
      does: 'what computes: auto, tensorflow, webgpu, wasm, cpu; as the plan says where left out',
    },
    'allow-cpu': { does: 'let tensorflow compute on the processor where it finds no graphics card' },
  },
  async run(args, terminal) {
    const recipe = args.text('recipe');
    let answer: Extract<FromTrainer, { type: 'evaluated' }> | undefined;
    const status = await runTrainer(
      {
        type: 'evaluate',
        model: path.resolve(args.operand),
        ...(recipe !== undefined && { recipe: path.resolve(recipe) }),
        plan: path.resolve(args.required('plan')),
        engine: args.text('engine'),
        allowCpu: args.flag('allow-cpu'),
      },
      terminal,
      (message) => {
        if (message.type === 'evaluated') answer = message;
      },
      () => terminal.warn('interrupted'),
    );
    if (!answer) return status;
    for (const { code, message } of answer.notes) terminal.warn(`warning ${code}: ${message}`);
    terminal.write(
      args.flag('json') ? `${JSON.stringify(answer.evaluation)}\n` : renderEvaluation(answer.evaluation),
    );
    return status;
  },
};

/** The numbers on one line, as Keras's `evaluate` has them, and the matrix below. */
export function renderEvaluation({ samples, metrics, confusion }: Evaluation): string {
  const numbers = Object.entries(metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  const lines = [`${samples} sample${samples === 1 ? '' : 's'}: ${numbers.join('  ')}`];
  if (confusion) lines.push('', ...matrixOf(confusion));
  return `${lines.join('\n')}\n`;
}

/** More classes than a line holds: what was mistaken for what most often is told in their place. */
const MOST_COLUMNS = 20;
const MOST_MISTAKES = 20;

function matrixOf({ classes, counts }: Confusion): readonly string[] {
  if (classes.length > MOST_COLUMNS) return mistakesOf({ classes, counts });
  const rows = [
    ['true \\ predicted', ...classes],
    ...counts.map((row, index) => [classes[index] ?? '', ...row.map(String)]),
  ];
  const widths = ['', ...classes].map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}

function mistakesOf({ classes, counts }: Confusion): readonly string[] {
  const mistakes = counts.flatMap((row, truth) =>
    row.flatMap((count, taken) => (taken !== truth && count > 0 ? [{ count, truth, taken }] : [])),
  );
  const most = mistakes.toSorted((a, b) => b.count - a.count).slice(0, MOST_MISTAKES);
  const lines = most.map(
    ({ count, truth, taken }) => `${count}× ${classes[truth]} taken for ${classes[taken]}`,
  );
  const left = mistakes.length - most.length;
  return [
    most.length === 0
      ? 'no class was taken for another'
      : 'taken for another most often (--json has them all):',
    ...lines,
    ...(left > 0 ? [`and ${left} other pairs`] : []),
  ];
}
