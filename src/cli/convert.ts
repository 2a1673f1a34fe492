import { openOperated } from '../formats/operatedModel';
import type { Command } from './command';
import { askedFormat, writeResult, WRITING_OPTIONS } from './writeResult';

export const convert: Command = {
  name: 'convert',
  operand: 'MODEL',
  does: 'write a model in another format, as it is',
  options: WRITING_OPTIONS,
  async run(args, terminal) {
    // A slip in the format is met before a large model is opened.
    askedFormat(args);
    return writeResult(await openOperated(args.operand), args, terminal);
  },
};
