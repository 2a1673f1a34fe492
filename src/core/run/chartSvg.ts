import { escapeXml } from '../escapeXml';
import { MARK, MARK_SHAPES, MARK_SPACE, type MarkKind } from './markShapes';
import type { Range } from './range';
import { t } from '../../l10n/translate';

/** What a chart is drawn with, as CSS colours that every reader of SVG knows: `#rrggbb`. */
export interface ChartColours {
  readonly background: string;
  readonly text: string;
  /** Of axes and what stands beside. */
  readonly muted: string;
  readonly grid: string;
  readonly training: string;
  readonly validation: string;
  readonly best: string;
}

export interface PictureAxis {
  readonly label: string;
  readonly range: Range;
  readonly logarithmic?: boolean;
  /** Grid lines, ascending, with their words. */
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

export interface PictureCurve {
  /** For the legend; left out for one that stands behind another. */
  readonly name?: string;
  readonly colour: keyof ChartColours;
  /** In the axes' units, ascending in x; null is a gap. */
  readonly points: readonly (readonly [x: number, y: number] | null)[];
  /** A line, a faint one behind another, points, or both. */
  readonly look: 'line' | 'faint' | 'points' | 'both';
}

/** A chart as it is drawn: nothing in it needs a page. */
export interface ChartPicture {
  readonly title: string;
  /** What it is of: the run's name. */
  readonly subtitle: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly x: PictureAxis;
  readonly y: PictureAxis;
  readonly curves: readonly PictureCurve[];
  /** Where phases after the first begin. */
  readonly phases: readonly { readonly at: number; readonly label: string }[];
  /** The best epoch, and its value where the chart has one. */
  readonly best?: { readonly at: number; readonly value?: number; readonly label: string };
  readonly marks: readonly { readonly at: number; readonly kind: MarkKind }[];
  readonly colours: ChartColours;
  /** CSS font families. */
  readonly font: string;
}

const MARGIN = { top: 66, right: 20, bottom: 46, left: 74 } as const;
const SIDE = 16;
/** Of 11-pixel text, on average; a word may be wider in another font, and has room. */
const SIGN_WIDTH = 6.4;
const LEGEND_GAP = 18;
const SYMBOL = 16;

const MARK_NAMES: Readonly<Record<MarkKind, string>> = {
  checkpoint: t('checkpoint'),
  learningRate: t('learning rate set'),
  earlyStop: t('ended early'),
  restored: t('weights taken back'),
};

/** A chart as a vector picture that needs nothing beside itself: SVG 1.1, text as text, no style sheet, no script. */
export function chartSvg(picture: ChartPicture): string {
  const { title, subtitle, width, height, colours, font } = picture;
  const plot = {
    width: Math.max(1, width - MARGIN.left - MARGIN.right),
    height: Math.max(1, height - MARGIN.top - MARGIN.bottom),
  };
  const places = placesOf(picture, plot);
  const marks = legendOfMarks(picture);
  const room = width - 2 * SIDE - widthOf(marks) - LEGEND_GAP;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `role="img" font-family="${escapeXml(font)}" font-size="11">`,
    `<title>${escapeXml(`${title}: ${subtitle}`)}</title>`,
    `<rect width="${width}" height="${height}" fill="${colours.background}"/>`,
    `<text x="${SIDE}" y="26" font-size="15" font-weight="600" fill="${colours.text}">${escapeXml(title)}</text>`,
    text(SIDE, 46, fit(subtitle, room), colours.muted),
    legend(legendOfCurves(picture), width - SIDE, 26, colours.text),
    legend(marks, width - SIDE, 46, colours.muted),
    `<g transform="translate(${MARGIN.left} ${MARGIN.top})">`,
    axes(picture, places, plot),
    ...picture.phases.map(({ at, label }) => phase(places.x(at), label, picture, plot)),
    ...(picture.best ? [verticalLine(places.x(picture.best.at), colours.best, plot)] : []),
    // A nested picture cuts off what leaves the plot, and needs no name for a clip path.
    `<svg width="${plot.width}" height="${plot.height}">`,
    ...picture.curves.map((curve) => line(curve, places, colours)),
    '</svg>',
    ...picture.curves.map((curve) => points(curve, places, picture)),
    ring(picture, places),
    ...marksAlong(picture, places, plot),
    ...(picture.curves.some((curve) => curve.points.some((point) => point !== null))
      ? []
      : [text(plot.width / 2, plot.height / 2, t('No points'), colours.muted, 'middle')]),
    '</g>',
    '</svg>',
  ]
    .filter((part) => part !== '')
    .map((part) => `${part}\n`)
    .join('');
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** From the axes' units to pixels of the plot. */
interface Places {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

function placesOf({ x, y }: ChartPicture, plot: Size): Places {
  const along = shareOf(x);
  const up = shareOf(y);
  return {
    x: (value) => rounded(along(value) * plot.width),
    y: (value) => rounded((1 - up(value)) * plot.height),
  };
}

function shareOf({ range: { min, max }, logarithmic = false }: PictureAxis): (value: number) => number {
  const scale = logarithmic ? Math.log10 : (value: number) => value;
  const [from, to] = [scale(min), scale(max)];
  return (value) => (scale(value) - from) / (to - from || 1);
}

function axes({ x, y, colours }: ChartPicture, places: Places, plot: Size): string {
  return [
    ...y.ticks.flatMap(({ at, label }) => [
      `<path d="M0 ${places.y(at)}H${plot.width}" stroke="${colours.grid}"/>`,
      text(-8, places.y(at) + 4, label, colours.muted, 'end'),
    ]),
    ...x.ticks.map(({ at, label }) => text(places.x(at), plot.height + 18, label, colours.muted, 'middle')),
    text(plot.width / 2, plot.height + 36, x.label, colours.muted, 'middle'),
    `<text transform="translate(${SIDE - MARGIN.left + 4} ${rounded(plot.height / 2)}) rotate(-90)" ` +
      `text-anchor="middle" fill="${colours.muted}">${escapeXml(y.label)}</text>`,
  ].join('\n');
}

function phase(at: number, label: string, { colours }: ChartPicture, plot: Size): string {
  return verticalLine(at, colours.muted, plot) + text(at + 4, 10, label, colours.muted);
}

function verticalLine(at: number, colour: string, { width, height }: Size): string {
  if (at < 0 || at > width) return '';
  return `<path d="M${at} 0V${height}" stroke="${colour}" stroke-dasharray="2 3"/>`;
}

function line({ colour, points: all, look }: PictureCurve, places: Places, colours: ChartColours): string {
  if (look === 'points') return '';
  let isDown = false;
  let path = '';
  for (const point of all) {
    if (point !== null) path += `${isDown ? 'L' : 'M'}${places.x(point[0])} ${places.y(point[1])}`;
    isDown = point !== null;
  }
  if (path === '') return '';
  const faint = look === 'faint' ? ' stroke-opacity="0.3" stroke-width="1"' : ' stroke-width="1.75"';
  return `<path d="${path}" fill="none" stroke="${colours[colour]}"${faint} stroke-linejoin="round" stroke-linecap="round"/>`;
}

/** Outside of what cuts lines off: a point at the edge is a whole point. */
function points({ colour, points: all, look }: PictureCurve, places: Places, picture: ChartPicture): string {
  if (look !== 'points' && look !== 'both') return '';
  const { min, max } = picture.x.range;
  const dots = all.flatMap((point) =>
    point === null || point[0] < min || point[0] > max
      ? []
      : [`<circle cx="${places.x(point[0])}" cy="${places.y(point[1])}" r="3"/>`],
  );
  return dots.length === 0 ? '' : `<g fill="${picture.colours[colour]}">${dots.join('')}</g>`;
}

function ring({ best, colours, x: { range } }: ChartPicture, { x, y }: Places): string {
  if (best?.value === undefined || best.at < range.min || best.at > range.max) return '';
  return `<circle cx="${x(best.at)}" cy="${y(best.value)}" r="6" fill="none" stroke="${colours.best}" stroke-width="2"/>`;
}

function marksAlong({ marks, colours, x: { range } }: ChartPicture, places: Places, plot: Size): string[] {
  const free: Partial<Record<MarkKind, number>> = {};
  return marks.flatMap(({ at, kind }) => {
    const x = places.x(at);
    if (at < range.min || at > range.max || x < (free[kind] ?? -Infinity)) return [];
    free[kind] = x + MARK_SPACE;
    return [shape(kind, x, plot.height - MARK - 1, colourOf(kind, colours))];
  });
}

const colourOf = (kind: MarkKind, { muted, best }: ChartColours): string =>
  kind === 'checkpoint' ? muted : best;

function shape(kind: MarkKind, x: number, y: number, colour: string): string {
  const corners = MARK_SHAPES[kind].map(([dx, dy]) => `${rounded(x + dx * MARK)},${rounded(y + dy * MARK)}`);
  return `<polygon points="${corners.join(' ')}" fill="${colour}"/>`;
}

/** A word of the legend, and what stands before it: drawn around the middle of its sixteen pixels. */
interface LegendEntry {
  readonly name: string;
  readonly symbol: (x: number, y: number) => string;
}

function legendOfCurves({ curves, best, colours }: ChartPicture): readonly LegendEntry[] {
  const entries = curves.flatMap(({ name, colour, look, points: all }): LegendEntry[] => {
    if (name === undefined || all.length === 0) return [];
    const stroke = `<path d="M-6 0H6" stroke="${colours[colour]}" stroke-width="2"/>`;
    const dot = `<circle r="3" fill="${colours[colour]}"/>`;
    const drawn = [look === 'points' ? '' : stroke, look === 'points' || look === 'both' ? dot : ''];
    return [{ name, symbol: (x, y) => `<g transform="translate(${x} ${y})">${drawn.join('')}</g>` }];
  });
  if (!best) return entries;
  const circle = `r="4.5" fill="none" stroke="${colours.best}" stroke-width="2"`;
  return [...entries, { name: best.label, symbol: (x, y) => `<circle cx="${x}" cy="${y}" ${circle}/>` }];
}

function legendOfMarks({ marks, colours }: ChartPicture): readonly LegendEntry[] {
  return [...new Set(marks.map(({ kind }) => kind))].map((kind) => ({
    name: MARK_NAMES[kind],
    symbol: (x, y) => shape(kind, x, y, colourOf(kind, colours)),
  }));
}

/** Letters of Korean and its neighbours are as wide as they are high. */
const WIDE = /[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uff60]/;
const WIDE_WIDTH = 11;

const entryWidth = ({ name }: LegendEntry): number =>
  Array.from(name).reduce((sum, sign) => sum + (WIDE.test(sign) ? WIDE_WIDTH : SIGN_WIDTH), SYMBOL);

function widthOf(entries: readonly LegendEntry[]): number {
  return entries.reduce((sum, entry) => sum + entryWidth(entry) + LEGEND_GAP, 0);
}

/** Entries in a row that ends at `right`. */
function legend(entries: readonly LegendEntry[], right: number, y: number, colour: string): string {
  let x = right - widthOf(entries) + LEGEND_GAP;
  return entries
    .map((entry) => {
      const at = rounded(x);
      x += entryWidth(entry) + LEGEND_GAP;
      return entry.symbol(at + 6, y - 4) + text(at + SYMBOL, y, entry.name, colour);
    })
    .join('\n');
}

function text(x: number, y: number, words: string, colour: string, anchor?: 'middle' | 'end'): string {
  const anchored = anchor === undefined ? '' : ` text-anchor="${anchor}"`;
  return `<text x="${rounded(x)}" y="${rounded(y)}" fill="${colour}"${anchored}>${escapeXml(words)}</text>`;
}

function fit(words: string, room: number): string {
  const most = Math.max(8, Math.floor(room / SIGN_WIDTH));
  const signs = Array.from(words);
  return signs.length <= most ? words : `${signs.slice(0, most - 1).join('')}…`;
}

/** A hundredth of a pixel is finer than anybody prints. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
