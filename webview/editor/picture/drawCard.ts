import type { LayerView } from '../../../src/protocol/editor';
import type { DiffStatus } from '../diff/diffModels';
import { NODE_SIZE } from '../graph/geometry';
import { count, countedLayers, isFrozen, sampleShape, shortCount } from '../model/text';
import type { Box } from '../outline/outline';
import type { BoxSummary } from '../outline/summary';
import type { Palette } from './palette';
import type { Pen } from './pen';
import { escapeXml } from '../../../src/core/escapeXml';
import { t } from '../../../src/l10n/translate';

/** What is on a card, whatever stands behind it. */
interface Card {
  /** In full, as the tooltip that SVG readers show. */
  readonly name: string;
  readonly title: string;
  readonly note: string;
  readonly shape: string;
  readonly params: string;
  readonly stripe: keyof Palette;
  readonly frozen: boolean;
  readonly partlyFrozen: boolean;
  readonly grafted: boolean;
  readonly isInput: boolean;
  readonly isOutput: boolean;
  readonly fault: 'error' | 'warning' | undefined;
  /** Of a box: how many equal blocks it stands for. */
  readonly count: number | undefined;
  readonly status: DiffStatus | undefined;
}

const FAMILIES: ReadonlySet<string> = new Set([
  'core',
  'convolution',
  'pooling',
  'normalization',
  'activation',
  'regularization',
  'preprocessing',
]);

/** Words of a fault below its card: the lines and the size of their letters. */
const FAULT = { top: 4, height: 36, size: 11 } as const;

export function drawLayer(pen: Pen, layer: LayerView, status: DiffStatus | undefined): string {
  const error = layer.faults.find(({ severity }) => severity === 'error');
  const card = drawCard(pen, {
    name: layer.name,
    title: layer.kind,
    note: layer.name,
    shape: layer.outputShape === null ? '' : sampleShape(layer.outputShape),
    params: layer.params > 0 ? count(layer.params) : '',
    stripe: FAMILIES.has(layer.family) ? (layer.family as keyof Palette) : 'other',
    frozen: isFrozen(layer),
    partlyFrozen: false,
    grafted: layer.grafted,
    isInput: layer.isInput,
    isOutput: layer.isOutput,
    fault: error ? 'error' : layer.faults.length > 0 ? 'warning' : undefined,
    count: undefined,
    status,
  });
  if (!error) return card;
  const { found, expected, message } = error;
  const lines =
    found !== undefined && expected !== undefined
      ? [t('found {0}', found), t('expected {0}', expected)]
      : [message];
  const top = NODE_SIZE.height + FAULT.top;
  const { width } = NODE_SIZE;
  return [
    card,
    pen.rect([0.5, top + 0.5, width - 1, FAULT.height - 1], pen.palette.errorCard, {
      stroke: pen.palette.error,
      radius: 4,
    }),
    ...lines.map((line, place) =>
      pen.text(8, top + 14 + place * 14, line, { size: FAULT.size, colour: 'text' }, width - 16),
    ),
  ].join('');
}

export function drawBox(pen: Pen, box: Box, summary: BoxSummary, status: DiffStatus | undefined): string {
  const layers = countedLayers(summary.layers);
  return drawCard(pen, {
    name: `${box.title}, ${layers}`,
    title: box.title,
    note: box.note === '' ? layers : `${box.note} · ${layers}`,
    shape: summary.outputShape === null ? '' : sampleShape(summary.outputShape),
    params: summary.params > 0 ? shortCount(summary.params) : '',
    stripe: 'box',
    frozen: summary.frozen === 'all',
    partlyFrozen: summary.frozen === 'some',
    grafted: summary.grafted > 0,
    isInput: summary.isInput,
    isOutput: summary.isOutput,
    fault: summary.errors > 0 ? 'error' : summary.warnings > 0 ? 'warning' : undefined,
    count: box.count,
    status,
  });
}

const SIGNS: Readonly<Record<DiffStatus, string>> = { added: '+', removed: '−', changed: '~', frozen: '∗' };

/** 8 pixels inside; three lines of 18, 16 and 16 pixels, as `graph.css` has them. */
function drawCard(pen: Pen, card: Card): string {
  const { palette } = pen;
  const { width, height } = NODE_SIZE;
  const colour = card.status ? palette[card.status] : undefined;
  const border =
    colour ??
    (card.fault === undefined ? (card.frozen ? palette.frozenBorder : palette.border) : palette[card.fault]);
  const inner = [0.5, 0.5, width - 1, height - 1] as const;
  const dashed = card.status === 'removed';
  const parts = [`<title>${escapeXml(card.name)}</title>`];
  if (card.count !== undefined) {
    for (const off of [6, 3]) {
      parts.push(
        pen.rect([off + 0.5, off + 0.5, width - 1, height - 1], palette.card, { stroke: palette.border }),
      );
    }
  }
  parts.push(pen.rect(inner, card.frozen ? palette.frozenCard : palette.card, { stroke: border, dashed }));
  if (card.frozen) parts.push(pen.rect(inner, 'url(#hatch)'));
  parts.push(
    `<path d="M6,0H5V${height}H6A6,6 0 0 1 0,${height - 6}V6A6,6 0 0 1 6,0Z" fill="${palette[card.stripe]}"/>`,
  );

  let right = width - 12;
  if (card.frozen || card.partlyFrozen) {
    parts.push(lock(right - 10, 9, palette.frozen, card.partlyFrozen));
    right -= 18;
  }
  if (card.count !== undefined && card.count > 1) {
    const text = `×${card.count}`;
    const wide = Math.ceil(pen.width(text, { size: 11 })) + 12;
    parts.push(
      pen.rect([right - wide, 9, wide, 16], palette.badge, { radius: 8 }),
      pen.text(right - wide / 2, 21, text, { size: 11, colour: 'badgeText', anchor: 'middle' }),
    );
    right -= wide + 6;
  }
  parts.push(
    pen.text(16, 21.5, card.title, { size: 13, bold: true, colour: 'text', struck: dashed }, right - 16),
  );

  let end = width - 10;
  const marks: readonly (readonly [boolean, string, keyof Palette])[] = [
    [card.grafted, t('new'), 'grafted'],
    [card.isOutput, t('output'), 'mark'],
    [card.isInput, t('input'), 'mark'],
  ];
  for (const [has, text, ink] of marks) {
    if (!has) continue;
    const { svg, left } = pen.pill(end, 26, text, ink);
    parts.push(svg);
    end = left - 4;
  }
  parts.push(
    pen.text(16, 38, card.note, { size: 12, colour: 'muted' }, end - 16),
    pen.text(16, 62, card.shape, { size: 11, colour: 'text' }, width - 110),
    pen.text(width - 10, 62, card.params, { size: 11, colour: 'muted', anchor: 'end' }, 84),
  );
  if (card.status && colour !== undefined) {
    parts.push(
      pen.rect([width - 26, -9, 16, 16], colour, { radius: 8 }),
      pen.text(width - 18, 4, SIGNS[card.status], {
        size: 13,
        bold: true,
        colour: 'background',
        anchor: 'middle',
      }),
    );
  }
  return parts.join('');
}

/** Ten pixels wide and twelve high. */
function lock(x: number, y: number, colour: string, faint: boolean): string {
  const opacity = faint ? ' opacity="0.5"' : '';
  return `<g transform="translate(${x},${y})"${opacity}><rect y="5" width="10" height="7" rx="1.5" fill="${colour}"/><path d="M2,5V3.5a3,3 0 0 1 6,0V5" fill="none" stroke="${colour}" stroke-width="1.5"/></g>`;
}
