import { useEffect, useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';
import { useReactFlow } from 'reactflow';
import { canvasModel } from '../diff/comparison';
import { useEditor } from '../editorContext';
import type { Bounds, Point } from '../layout/layoutGraph';
import { indexModel } from '../model/modelIndex';
import { heightOf } from '../state/drawing';
import type { Drawn } from '../state/editorState';
import type { Camera } from '../state/view';
import { areaSeen, around, NODE_SIZE, openingView, touches, viewOf } from './geometry';

/** What floats over the graph is within so many pixels of its border. */
const FLOATING = 96;

/** The card in which a layer, or a box, is seen; of an open box its frame. */
function areaOf({ model, scene, layout }: Drawn, id: string): Bounds | undefined {
  const frame = scene.frameOf.get(id);
  if (frame !== undefined) return layout.frames[frame];
  const node = scene.nodeOf.get(id) ?? scene.shownBy.get(id);
  const position = node === undefined ? undefined : layout.positions[node];
  if (node === undefined || !position) return undefined;
  const layer = scene.nodes[node]?.box ? undefined : indexModel(model).byId.get(scene.nodes[node]?.id ?? '');
  return { ...position, width: NODE_SIZE.width, height: heightOf(layer) };
}

/** What stays where it is on the screen when a box opens: where its first card stands, at its upper border. */
function holdOf(drawn: Drawn, id: string): Point | undefined {
  const area = areaOf(drawn, id);
  if (!area || !drawn.scene.frameOf.has(id)) return area;
  const first = drawn.scene.outline.boxes.get(id)?.layers[0];
  const card = first === undefined ? undefined : areaOf(drawn, first);
  if (!card) return area;
  return drawn.direction === 'down' ? { x: card.x, y: area.y } : { x: area.x, y: card.y };
}

/**
 * Gives the controller its camera; looks at the model when it is first drawn or has gone out of sight; and when
 * things are laid out anew keeps one of them where it was on the screen: what was asked for, else what is selected
 * and in sight, else what is nearest to the middle.
 */
export function useCamera(frame: RefObject<HTMLDivElement | null>, drawn: Drawn): void {
  const { controller, store, bridge } = useEditor();
  const flow = useReactFlow();
  const latest = useRef(drawn);
  const opened = useRef(false);
  const held = useRef<string>(undefined);
  /** Asked for while things were being laid out: asked for again when they are. */
  const wanted = useRef<() => void>(undefined);

  useEffect(() => {
    const duration = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 180);
    const show = (area: Bounds | undefined, most?: number) => {
      const size = frame.current?.getBoundingClientRect();
      if (area && size)
        void flow.setViewport(viewOf(area, size.width, size.height, most), { duration: duration() });
    };
    const isLaidOut = () => {
      const { model, openness, direction } = latest.current;
      const state = store.get();
      return model === canvasModel(state) && openness === state.openness && direction === state.direction;
    };
    const camera: Camera = {
      fit: () => {
        if (!isLaidOut()) wanted.current = () => camera.fit();
        show(latest.current.layout.bounds);
      },
      zoomBy: (factor) => void flow.zoomTo(flow.getZoom() * factor, { duration: duration() }),
      zoomTo: (ids) => {
        if (!isLaidOut()) wanted.current = () => camera.zoomTo(ids);
        const { scene } = latest.current;
        const cards = new Set<string>();
        for (const id of ids) cards.add(scene.nodes[scene.shownBy.get(id) ?? -1]?.id ?? '');
        show(around([...cards].flatMap((id) => areaOf(latest.current, id) ?? [])), 1);
      },
      hold: (id) => (held.current = id),
      reveal: (id) => {
        const { scene } = latest.current;
        const hasPlace = scene.shownBy.has(id);
        if (!hasPlace || !isLaidOut()) wanted.current = () => camera.reveal(id);
        // In a box that may be about to open it is not yet where it will be.
        if (!hasPlace || !(scene.nodeOf.has(id) || isLaidOut())) return;
        const area = areaOf(latest.current, id);
        const size = frame.current?.getBoundingClientRect();
        if (!area || !size) return;
        const { x, y, zoom } = flow.getViewport();
        const margin = 48;
        const left = area.x * zoom + x;
        const top = area.y * zoom + y;
        const inside =
          zoom >= 0.4 &&
          left >= margin &&
          top >= margin &&
          left + area.width * zoom <= size.width - margin &&
          top + area.height * zoom <= size.height - margin;
        if (inside) return;
        void flow.setCenter(area.x + area.width / 2, area.y + area.height / 2, {
          zoom: Math.max(zoom, 0.8),
          duration: duration(),
        });
      },
    };
    return controller.attachCamera(camera);
  }, [controller, store, flow, frame]);

  // Before the new places are painted, so that nothing jumps.
  useLayoutEffect(() => {
    const before = latest.current;
    latest.current = drawn;
    const size = frame.current?.getBoundingClientRect();
    if (size && opened.current && before.layout !== drawn.layout) {
      const view = flow.getViewport();
      const seen = areaSeen(view, size.width, size.height);
      const id = held.current ?? steady(before, drawn, seen, store.get().anchor);
      const [stood, now] = id === undefined ? [] : [holdOf(before, id), holdOf(drawn, id)];
      // The title of a tall box that is closed from inside of it may be far out of sight.
      const old = stood && held.current !== undefined ? intoSight(stood, seen, view.zoom) : stood;
      if (old && now && (old.x !== now.x || old.y !== now.y)) {
        const [x, y] = [view.x + (old.x - now.x) * view.zoom, view.y + (old.y - now.y) * view.zoom];
        void flow.setViewport({ x, y, zoom: view.zoom });
      }
    }
    held.current = undefined;
  }, [store, drawn, flow, frame]);

  // React Flow can be moved from its own first effect on.
  useEffect(() => {
    const size = frame.current?.getBoundingClientRect();
    if (!size) return;
    const first = !opened.current && bridge.remembered().viewport === undefined;
    opened.current = true;
    if (first) {
      void flow.setViewport(openingView(drawn.layout.bounds, size.width, size.height));
    } else if (wanted.current !== undefined) {
      const ask = wanted.current;
      wanted.current = undefined;
      ask();
    } else if (!touches(areaSeen(flow.getViewport(), size.width, size.height), drawn.layout.bounds)) {
      controller.fit();
    }
  }, [bridge, controller, drawn, flow, frame]);
}

/** Where a card stands, or where it is seen without covering it with what floats over the graph's border. */
function intoSight(at: Point, seen: Bounds, zoom: number): Point {
  const { width, height } = NODE_SIZE;
  const [right, bottom] = [seen.x + seen.width - width, seen.y + seen.height - height];
  if (at.x >= seen.x && at.x <= right && at.y >= seen.y && at.y <= bottom) return at;
  const margin = FLOATING / zoom;
  return {
    x: Math.max(seen.x + margin, Math.min(at.x, right - margin)),
    y: Math.max(seen.y + margin, Math.min(at.y, bottom - margin)),
  };
}

/** A layer to keep in its place: the one selected last if it is in sight, else the one nearest to the middle. */
function steady(before: Drawn, after: Drawn, seen: Bounds, anchor: string | null): string | undefined {
  const area = anchor === null ? undefined : areaOf(before, anchor);
  if (anchor !== null && area && touches(area, seen) && areaOf(after, anchor)) return anchor;
  let [best, least]: [string | undefined, number] = [undefined, Infinity];
  const [x, y] = [seen.x + seen.width / 2, seen.y + seen.height / 2];
  before.scene.nodes.forEach(({ id, box }, place) => {
    const at = before.layout.positions[place]!;
    const distance = Math.hypot(at.x + NODE_SIZE.width / 2 - x, at.y + NODE_SIZE.height / 2 - y);
    const layer = box?.layers[0] ?? id;
    if (distance < least && after.scene.shownBy.has(layer)) [best, least] = [layer, distance];
  });
  return best;
}
