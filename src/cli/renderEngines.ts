import type { EngineReport, EnginesReport, GraphicsCard } from '../protocol/engines';

const GIBIBYTE = 1024 ** 3;

/** The doctor's report for people: an engine a paragraph, then what was found of the machine. */
export function renderEngines(report: EnginesReport): string {
  const { engines, auto, cards, noCards, folder, node } = report;
  const width = Math.max(...engines.map(({ name }) => name.length));
  const lines = [
    ...engines.flatMap((engine) => renderEngine(engine, width, engine.name === auto)),
    '',
    ...cards.map(renderCard),
    ...(noCards === undefined ? [] : [`no NVIDIA card: ${noCards}`]),
    `Node ${node.replace(/^v/, '')}; engines are installed in ${folder}`,
  ];
  return `${lines.join('\n')}\n`;
}

function renderEngine({ name, status, found, reason, advice }: EngineReport, width: number, auto: boolean) {
  const note = auto ? '; auto takes it' : '';
  const head = found ? `${found.device}${note}` : status === 'missing' ? 'not installed' : 'does not work';
  const libraries = Object.entries(found?.libraries ?? {}).map(
    ([library, version]) => `${library} ${version}`,
  );
  const indent = ' '.repeat(width + 2);
  return [
    `${name.padEnd(width)}  ${head}`,
    ...[libraries.join(', '), reason, advice].filter((line) => line).map((line) => `${indent}${line}`),
  ];
}

function renderCard({ name, driver, memory }: GraphicsCard): string {
  return `${name}: ${(memory / GIBIBYTE).toFixed(1)} GiB of memory, driver ${driver}`;
}
