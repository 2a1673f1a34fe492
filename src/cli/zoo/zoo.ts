import { usage } from '../arguments';
import type { Command } from '../command';
import { WRITING_OPTIONS } from '../writeResult';
import { getCommand } from './get';
import { getModule, isModule } from './getModule';
import { listCommand } from './list';

export const zoo: Command = {
  name: 'zoo',
  operand: 'list | get NAME|ADDRESS|FOLDER',
  operands: [1, 2],
  does: 'list the pretrained models there are, or get one as a model file: by its name, or a module of TensorFlow Hub by its address or folder',
  options: {
    ...WRITING_OPTIONS,
    out: { value: 'PATH', does: 'with get: where the model goes' },
    'no-top': { does: 'with get: without the classifier, as a feature extractor' },
    pooling: { value: 'avg|max', does: 'with --no-top: a global average or maximum at the end' },
    size: {
      value: 'N',
      does: 'with get: height and width of its images, or HEIGHTxWIDTH, or any; what it was trained with where left out',
    },
    classes: { value: 'N', does: 'with get --random: how many classes the classifier has' },
    random: { does: 'with get: random weights instead of the published ones; nothing is fetched' },
  },
  async run(args, terminal) {
    const [verb, name] = args.operands;
    if (verb === 'list' && name === undefined) return listCommand(args, terminal);
    if (verb === 'get' && name !== undefined) {
      return (await isModule(name)) ? getModule(args, name, terminal) : getCommand(args, name, terminal);
    }
    throw usage('OPERAND', `zoo takes list or get NAME, found "${args.operands.join(' ')}"`);
  },
};
