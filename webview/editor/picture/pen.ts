import type { Palette } from './palette';
import { escapeXml } from '../../../src/core/escapeXml';

export interface TextStyle {
  readonly size: number;
  readonly bold?: boolean;
  readonly colour: keyof Palette;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly struck?: boolean;
}

/** How wide a text is, in pixels. */
export type Measure = (text: string, size: number, bold: boolean) => number;

/** Writes the elements of an SVG in one theme. */
export class Pen {
  constructor(
    readonly palette: Palette,
    private readonly measure: Measure,
  ) {}

  width(text: string, { size, bold = false }: Pick<TextStyle, 'size' | 'bold'>): number {
    return this.measure(text, size, bold);
  }

  /** Text as text; what is wider than `most` ends in an ellipsis. */
  text(x: number, y: number, text: string, style: TextStyle, most = Infinity): string {
    if (text === '') return '';
    const { size, bold = false, colour, anchor = 'start', struck = false } = style;
    const attributes = [
      `x="${x}" y="${y}" font-size="${size}" fill="${this.palette[colour]}"`,
      bold ? 'font-weight="600"' : '',
      anchor === 'start' ? '' : `text-anchor="${anchor}"`,
      struck ? 'text-decoration="line-through"' : '',
    ];
    return `<text ${attributes.filter(Boolean).join(' ')}>${escapeXml(this.fit(text, style, most))}</text>`;
  }

  rect(
    [x, y, width, height]: readonly [number, number, number, number],
    fill: string,
    { stroke, radius = 6, dashed = false }: { stroke?: string; radius?: number; dashed?: boolean } = {},
  ): string {
    const line = stroke === undefined ? '' : ` stroke="${stroke}"${dashed ? ' stroke-dasharray="4 3"' : ''}`;
    return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}"${line}/>`;
  }

  /** A word in a rounded frame that ends at `right`; and where it begins. */
  pill(
    right: number,
    y: number,
    text: string,
    colour: keyof Palette,
  ): { readonly svg: string; readonly left: number } {
    const width = Math.ceil(this.width(text, { size: 10 })) + 12;
    const left = right - width;
    const frame = this.rect([left + 0.5, y + 0.5, width - 1, 15], 'none', {
      stroke: this.palette[colour],
      radius: 8,
    });
    return {
      left,
      svg:
        frame +
        this.text(left + width / 2, y + 11.5, text, {
          size: 10,
          colour: PILL_TEXT[colour] ?? 'muted',
          anchor: 'middle',
        }),
    };
  }

  private fit(text: string, style: TextStyle, most: number): string {
    if (this.width(text, style) <= most) return text;
    const signs = Array.from(text);
    let [fits, tooLong] = [0, signs.length];
    while (tooLong - fits > 1) {
      const middle = (fits + tooLong) >> 1;
      if (this.width(`${signs.slice(0, middle).join('')}…`, style) <= most) fits = middle;
      else tooLong = middle;
    }
    return `${signs.slice(0, fits).join('')}…`;
  }
}

const PILL_TEXT: Partial<Record<keyof Palette, keyof Palette>> = { grafted: 'grafted' };
