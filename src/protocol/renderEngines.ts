import type { EngineReport, EnginesReport, GraphicsCard, Memory } from './engines';

const GIBIBYTE = 1024 ** 3;

/** The doctor's report for people: an engine a paragraph, then what was found of the machine. */
export function renderEngines(report: EnginesReport): string {
  const { engines, auto, cards, noCards, vulkan, folder, node } = report;
  const width = Math.max(...engines.map(({ name }) => name.length));
  const lines = [
    ...engines.flatMap((engine) => renderEngine(engine, width, engine.name === auto)),
    '',
    ...cards.map(renderCard),
    ...(noCards === undefined ? [] : [`no NVIDIA card: ${noCards}`]),
    ...(vulkan.length === 0 ? [] : [`Vulkan: ${vulkan.join(', ')}`]),
    `Node ${node.replace(/^v/, '')}; engines are installed in ${folder}`,
  ];
  return `${lines.join('\n')}\n`;
}

function renderEngine(
  { name, status, found, driver, memory, reason, advice }: EngineReport,
  width: number,
  auto: boolean,
) {
  const note = auto ? '; auto takes it' : '';
  const head = found ? `${found.device}${note}` : status === 'missing' ? 'not installed' : 'does not work';
  const facts = [
    ...Object.entries(found?.libraries ?? {}).map(([library, version]) => `${library} ${version}`),
    ...(driver === undefined ? [] : [`driver ${driver}`]),
    ...(memory === undefined ? [] : [renderMemory(memory)]),
  ];
  const indent = ' '.repeat(width + 2);
  return [
    `${name.padEnd(width)}  ${head}`,
    ...[facts.join(', '), reason, advice && `to do: ${advice}`]
      .filter((line) => line)
      .map((line) => `${indent}${line}`),
  ];
}

function renderCard({ name, driver, memory, free }: GraphicsCard): string {
  const size = free === undefined ? `${gibibytes(memory)} of memory` : renderMemory({ total: memory, free });
  return `${name}: ${size}, driver ${driver}`;
}

function renderMemory({ total, free }: Memory): string {
  return `${gibibytes(free)} of ${gibibytes(total)} free`;
}

function gibibytes(bytes: number): string {
  return `${(bytes / GIBIBYTE).toFixed(1)} GiB`;
}
