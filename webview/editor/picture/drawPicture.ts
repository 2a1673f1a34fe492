import { shownOf } from '../diff/comparison';
import type { Comparison } from '../diff/comparison';
import { linesOf } from '../diff/decorate';
import { NODE_SIZE, pathThrough } from '../graph/geometry';
import { FRAME } from '../layout/nested';
import type { Bounds } from '../layout/layoutGraph';
import { indexModel } from '../model/modelIndex';
import { summaryOf } from '../outline/summary';
import { heightOf } from '../state/drawing';
import type { Drawn } from '../state/editorState';
import { drawBox, drawLayer } from './drawCard';
import type { Palette } from './palette';
import { Pen } from './pen';
import type { Measure } from './pen';
import { escapeXml } from '../../../src/core/escapeXml';

export interface Picture {
  readonly svg: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly cards: number;
}

export interface PictureOptions {
  /** Ids of layers: only cards all of whose layers are among them are drawn, and what lies between those. */
  readonly only?: ReadonlySet<string>;
  /** While one is on the canvas, its colours. */
  readonly comparison?: Comparison | null;
  readonly palette: Palette;
  /** A list of font families, as CSS writes it. */
  readonly font: string;
  readonly measure: Measure;
}

/** Free on every side. */
const MARGIN = 24;

/** The graph as it is collapsed and laid out now, as an SVG that stands alone: nothing in it is fetched or carried out. */
export function drawPicture(drawn: Drawn, options: PictureOptions): Picture {
  const { model, scene, layout, direction } = drawn;
  const { palette, only, comparison } = options;
  const pen = new Pen(palette, options.measure);
  const index = indexModel(model);
  const has = (layers: readonly string[]) => !only || layers.every((id) => only.has(id));
  const shown = new Set(
    scene.nodes.flatMap(({ id, box }, place) => (has(box?.layers ?? [id]) ? [place] : [])),
  );
  const lines = comparison ? linesOf(drawn, comparison.lines) : undefined;
  const area = new Area();
  const parts: string[] = [];

  const depths: number[] = [];
  scene.frames.forEach(({ box, parent }, place) => {
    const depth = parent < 0 ? 0 : depths[parent]! + 1;
    depths.push(depth);
    const frame = layout.frames[place]!;
    if (!has(box.layers)) return;
    area.include(frame);
    const { x, y, width, height } = frame;
    const title = box.count > 1 ? `${box.title} ×${box.count}` : box.title;
    parts.push(
      pen.rect(
        [x + 0.5, y + 0.5, width - 1, height - 1],
        depth % 2 === 1 ? palette.oddFrame : palette.frame,
        {
          stroke: palette.border,
          radius: 10,
        },
      ),
      pen.text(x + 12, y + 21, title, { size: 12, bold: true, colour: 'text' }, width - 2 * FRAME.side),
    );
  });
  scene.edges.forEach(({ id, from, to }, place) => {
    if (!shown.has(from) || !shown.has(to)) return;
    const route = layout.routes[place]!;
    for (const { x, y } of route.flat()) area.include({ x, y, width: 0, height: 0 });
    const status = lines?.get(id);
    const stroke = status ? palette[status] : palette.edge;
    const dash = status === 'removed' ? ' stroke-dasharray="5 4"' : '';
    parts.push(
      `<path d="${pathThrough(route, direction)}" fill="none" stroke="${stroke}" stroke-width="1.5"${dash} marker-end="url(#arrow${status ? `-${status}` : ''})"/>`,
    );
  });
  for (const place of shown) {
    const node = scene.nodes[place]!;
    const layer = node.box ? undefined : index.byId.get(node.id);
    const { x, y } = layout.positions[place]!;
    area.include({ x, y, width: NODE_SIZE.width, height: heightOf(layer) });
    const status = comparison ? shownOf(comparison, node)?.status : undefined;
    const card = node.box
      ? drawBox(pen, node.box, summaryOf(index, node.box), status)
      : layer && drawLayer(pen, layer, status);
    if (card) parts.push(`<g transform="translate(${x},${y})">${card}</g>`);
  }

  const { x, y, width, height } = area.bounds(MARGIN);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${x} ${y} ${width} ${height}" font-family="${escapeXml(options.font)}">`,
    `<title>${escapeXml(model.name)}</title>`,
    `<defs>${arrow('arrow', palette.edge)}${lines ? arrow('arrow-added', palette.added) + arrow('arrow-removed', palette.removed) : ''}${hatch(palette)}</defs>`,
    pen.rect([x, y, width, height], palette.background, { radius: 0 }),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
  return { svg, width, height, cards: shown.size };
}

function arrow(id: string, colour: string): string {
  return `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0,0.5 L8,4 L0,7.5 z" fill="${colour}"/></marker>`;
}

/** What frozen cards are covered with. */
function hatch({ frozenHatch }: Palette): string {
  return `<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="1" height="7" fill="${frozenHatch}"/></pattern>`;
}

/** Grows around what is drawn. */
class Area {
  private left = Infinity;
  private top = Infinity;
  private right = -Infinity;
  private bottom = -Infinity;

  include({ x, y, width, height }: Bounds): void {
    this.left = Math.min(this.left, x);
    this.top = Math.min(this.top, y);
    this.right = Math.max(this.right, x + width);
    this.bottom = Math.max(this.bottom, y + height);
  }

  bounds(margin: number): Bounds {
    if (this.left > this.right) return { x: 0, y: 0, width: 2 * margin, height: 2 * margin };
    const [x, y] = [Math.floor(this.left) - margin, Math.floor(this.top) - margin];
    return { x, y, width: Math.ceil(this.right) + margin - x, height: Math.ceil(this.bottom) + margin - y };
  }
}
