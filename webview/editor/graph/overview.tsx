import { useLayoutEffect, useRef } from 'react';
import { useStore as useFlowStore } from 'reactflow';
import { computedColours } from '../../ui/computedColours';
import { shownOf } from '../diff/comparison';
import type { Comparison } from '../diff/comparison';
import { useEditorState } from '../editorContext';
import { indexModel } from '../model/modelIndex';
import { isFrozen } from '../model/text';
import { summaryOf } from '../outline/summary';
import { heatOf } from '../overlay/heat';
import type { Marks } from '../overlay/marks';
import { useMarks } from '../overlay/useMarks';
import { heightOf } from '../state/drawing';
import type { Drawn } from '../state/editorState';
import { highlightsOf } from './elements';
import { areaSeen, NODE_SIZE, touches } from './geometry';
import type { View } from './geometry';
import { useRepaint } from './repaint';

interface Size {
  readonly width: number;
  readonly height: number;
}

const sizeOf = ({ width, height }: Size) => `${width}×${height}`;
const viewOf = ({ transform: [x, y, zoom] }: { transform: [number, number, number] }) => `${x},${y},${zoom}`;

/** Families as theme.css names their colours; others have the last one's. */
const FAMILIES = [
  'core',
  'convolution',
  'pooling',
  'normalization',
  'activation',
  'regularization',
  'preprocessing',
  'other',
] as const;

/** Thousands of cards at once: boxes and lines on a canvas, which takes milliseconds where elements take seconds. */
export function Overview({ drawn }: { readonly drawn: Drawn }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useFlowStore(sizeOf);
  const view = useFlowStore(viewOf);
  const selection = useEditorState((state) => state.selection);
  const lit = useEditorState((state) => state.lit);
  const path = useEditorState((state) => state.path);
  const search = useEditorState((state) => state.search);
  const marks = useMarks(drawn);
  const theme = useRepaint();
  const comparison = useEditorState((state) => state.comparison);

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const [width = 0, height = 0] = size.split('×').map(Number);
    const [x = 0, y = 0, zoom = 1] = view.split(',').map(Number);
    const ratio = window.devicePixelRatio;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const lights = { selection, lit, path, search };
    paint(context, drawn, { x, y, zoom }, { width, height }, lights, marks, comparison);
  }, [drawn, size, view, selection, lit, path, search, marks, comparison, theme]);
  return <canvas className="overview" ref={canvas} aria-hidden="true" />;
}

type Lights = Parameters<typeof highlightsOf>[0] & { readonly selection: ReadonlySet<string> };

function paint(
  context: CanvasRenderingContext2D,
  { model, scene, layout }: Drawn,
  view: View,
  size: Size,
  lights: Lights,
  marks: Marks | undefined,
  comparison: Comparison | null,
): void {
  const index = indexModel(model);
  const colour = coloursOf(context.canvas);
  const seen = areaSeen(view, size.width, size.height);
  const { zoom } = view;
  const [left, top] = [(x: number) => x * zoom + view.x, (y: number) => y * zoom + view.y];
  context.clearRect(0, 0, size.width, size.height);

  context.strokeStyle = colour('--card-border-hover');
  context.lineWidth = 1;
  for (const frame of layout.frames) {
    if (touches(frame, seen)) {
      context.strokeRect(left(frame.x), top(frame.y), frame.width * zoom, frame.height * zoom);
    }
  }

  context.strokeStyle = colour('--edge');
  context.lineWidth = Math.max(0.5, 1.5 * zoom);
  context.beginPath();
  for (const pieces of layout.routes) {
    for (const points of pieces) {
      const [start, end] = [points[0], points.at(-1)];
      if (!start || !end) continue;
      const isSeen = touches(
        {
          x: Math.min(start.x, end.x) - NODE_SIZE.width,
          y: Math.min(start.y, end.y),
          width: Math.abs(end.x - start.x) + 2 * NODE_SIZE.width,
          height: Math.abs(end.y - start.y) + 1,
        },
        seen,
      );
      if (!isSeen) continue;
      context.moveTo(left(start.x), top(start.y));
      for (const point of points) context.lineTo(left(point.x), top(point.y));
    }
  }
  context.stroke();

  const highlights = highlightsOf(lights);
  const fills = new Map<string, string>(
    FAMILIES.map((family) => [family, colour(`--family-${family}`)] as const),
  );
  const [error, hit, focus] = [
    colour('--vscode-editorError-foreground'),
    colour('--hit-current'),
    colour('--vscode-focusBorder'),
  ];
  const width = Math.max(1, NODE_SIZE.width * zoom);
  scene.nodes.forEach(({ id, box }, place) => {
    const position = layout.positions[place]!;
    const layer = box ? undefined : index.byId.get(id);
    const height = heightOf(layer);
    if (!touches({ ...position, width: NODE_SIZE.width, height }, seen)) return;
    const [x, y, tall] = [left(position.x), top(position.y), Math.max(1, NODE_SIZE.height * zoom)];
    const members = box ? box.layers : [id];
    const summary = box ? summaryOf(index, box) : undefined;
    const frozen = summary ? summary.frozen === 'all' : layer !== undefined && isFrozen(layer);
    const faulty = summary ? summary.errors > 0 : height > NODE_SIZE.height;
    const isHit = members.some((member) => {
      const highlight = highlights(member);
      return highlight === 'hit' || highlight === 'current';
    });
    const isDim = !isHit && highlights(members[0] ?? '') === 'dim';
    const change = comparison ? shownOf(comparison, { id, box })?.status : undefined;
    context.globalAlpha = isDim ? 0.2 : marks || change ? 1 : frozen ? 0.45 : 0.85;
    context.fillStyle = faulty
      ? error
      : isHit
        ? hit
        : change
          ? colour(`--diff-${change}`)
          : marks
            ? colour(heatOf(marks.of.get(id)?.level ?? 0))
            : (fills.get(layer?.family ?? 'other') ?? fills.get('other')!);
    context.fillRect(x, y, width, tall);
    context.globalAlpha = 1;
    if (members.every((member) => lights.selection.has(member))) {
      context.strokeStyle = focus;
      context.lineWidth = 2;
      context.strokeRect(x - 1, y - 1, width + 2, tall + 2);
    }
  });
}

/** Resolves the theme's custom properties, and what is mixed of them: a canvas cannot read them by itself. */
function coloursOf(element: HTMLElement): (colour: string) => string {
  const known = new Map<string, string>();
  return (colour) => {
    const found = known.get(colour);
    if (found !== undefined) return found;
    const source = colour.startsWith('--') ? `var(${colour})` : colour;
    const { resolved } = computedColours({ resolved: source }, element.parentElement ?? undefined);
    known.set(colour, resolved);
    return resolved;
  };
}
