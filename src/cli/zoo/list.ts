import { showNumber, showSize } from '../../core/summary/amounts';
import { rowOf, showPreprocess, type ZooRow } from '../../zoo/describe';
import { cachedNames } from '../../zoo/download/weightFile';
import { zooFolder } from '../../zoo/download/zooFolder';
import { zooEntries } from '../../zoo/registry';
import { usage, type Arguments } from '../arguments';
import { columns } from '../runs/columns';
import type { Terminal } from '../terminal';

const ONLY_GET = ['out', 'to', 'force', 'no-top', 'pooling', 'size', 'classes', 'random'];

export async function listCommand(args: Arguments, terminal: Terminal): Promise<number> {
  const stray = ONLY_GET.find((name) => args.flag(name) || args.text(name) !== undefined);
  if (stray !== undefined) throw usage('OPTION_VALUE', `--${stray} goes with zoo get`);
  const folder = zooFolder();
  const cached = await cachedNames(folder);
  const models = zooEntries().map((entry) => rowOf(entry, cached));
  terminal.write(args.flag('json') ? `${JSON.stringify({ folder, models })}\n` : render(models, folder));
  return 0;
}

function render(models: readonly ZooRow[], folder: string): string {
  const head = ['name', 'family', 'size', 'parameters', 'input', 'top-1', 'preprocess', 'licence', 'cached'];
  const rows = models.map((model) => [
    model.name,
    model.family,
    showSize(model.bytes),
    showNumber(model.parameters),
    model.input.join('×'),
    model.top1 === undefined ? '–' : `${model.top1.toFixed(1)} %`,
    showPreprocess(model.preprocess),
    model.licence,
    model.cached ? 'yes' : '',
  ]);
  return `${columns([head, ...rows])}kept in ${folder}\n`;
}
