import { layoutNested } from './nested';
import { packLayout, unpackGraph } from './packed';
import type { PackedGraph, PackedLayout } from './packed';

export interface LayoutRequest {
  readonly id: number;
  readonly graph: PackedGraph;
}

export interface LayoutAnswer {
  readonly id: number;
  readonly layout: PackedLayout;
}

self.onmessage = ({ data }: MessageEvent<LayoutRequest>) => {
  const answer: LayoutAnswer = { id: data.id, layout: packLayout(layoutNested(unpackGraph(data.graph))) };
  self.postMessage(answer, { transfer: [answer.layout.buffer] });
};
