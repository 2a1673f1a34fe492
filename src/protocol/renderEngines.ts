import { t } from '../l10n/translate';
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
    ...(noCards === undefined ? [] : [t('no NVIDIA card: {0}', noCards)]),
    ...(vulkan.length === 0 ? [] : [`Vulkan: ${vulkan.join(', ')}`]),
    t('Node {0}; engines are installed in {1}', node.replace(/^v/, ''), folder),
  ];
  return `${lines.join('\n')}\n`;
}

function renderEngine(
  { name, status, found, driver, memory, reason, advice }: EngineReport,
  width: number,
  auto: boolean,
) {
  const head = found
    ? auto
      ? t('{0}; auto takes it', found.device)
      : found.device
    : status === 'missing'
      ? t('not installed')
      : t('does not work');
  const facts = [
    ...Object.entries(found?.libraries ?? {}).map(([library, version]) => `${library} ${version}`),
    ...(driver === undefined ? [] : [t('driver {0}', driver)]),
    ...(memory === undefined ? [] : [renderMemory(memory)]),
  ];
  const indent = ' '.repeat(width + 2);
  return [
    `${name.padEnd(width)}  ${head}`,
    ...[facts.join(', '), reason, advice && t('to do: {0}', advice)]
      .filter((line) => line)
      .map((line) => `${indent}${line}`),
  ];
}

function renderCard({ name, driver, memory, free }: GraphicsCard): string {
  const size =
    free === undefined ? t('{0} of memory', gibibytes(memory)) : renderMemory({ total: memory, free });
  return t('{0}: {1}, driver {2}', name, size, driver);
}

function renderMemory({ total, free }: Memory): string {
  return t('{0} of {1} free', gibibytes(free), gibibytes(total));
}

function gibibytes(bytes: number): string {
  return `${(bytes / GIBIBYTE).toFixed(1)} GiB`;
}
