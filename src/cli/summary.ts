import { printSummary } from '../core/summary/printSummary';
import { printWeights } from '../core/summary/printWeights';
import { summarize } from '../core/summary/summarize';
import { openOperated } from '../formats/operatedModel';
import type { Command } from './command';
import { lineOf } from './fault';
import { renderWarmStart } from './warmStartText';

export const summary: Command = {
  name: 'summary',
  operand: 'MODEL',
  does: 'print the layers of a model, their shapes and parameters, as Keras does',
  options: { recipe: { value: 'R', does: 'perform this recipe on the model first' } },
  async run(args, terminal) {
    const { file, graph, inference, report, warmStarts } = await openOperated(
      args.operand,
      args.text('recipe'),
    );
    if (args.flag('json')) {
      const findings = report.map(({ severity, code, layer = null, message }) => ({
        severity,
        code,
        layer,
        message,
      }));
      terminal.write(
        `${JSON.stringify({
          format: file.format,
          ...summarize(graph, inference),
          report: findings,
          ...(warmStarts.length > 0 && { warmStarts }),
        })}\n`,
      );
    } else {
      const options = { inference, terminalColumns: terminal.columns };
      const table = file.weightsOnly ? printWeights(graph, options) : printSummary(graph, options);
      terminal.write(`${table}\n`);
      for (const start of warmStarts) terminal.write(renderWarmStart(start));
      for (const fault of report) terminal.warn(lineOf(fault));
    }
    return 0;
  },
};
