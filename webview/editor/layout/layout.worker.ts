import { layoutNested } from './nested';
import type { NestedGraph, NestedLayout } from './nested';

export interface LayoutRequest {
  readonly id: number;
  readonly graph: NestedGraph;
}

export interface LayoutAnswer {
  readonly id: number;
  readonly layout: NestedLayout;
}

self.onmessage = ({ data }: MessageEvent<LayoutRequest>) => {
  const answer: LayoutAnswer = { id: data.id, layout: layoutNested(data.graph) };
  self.postMessage(answer);
};
