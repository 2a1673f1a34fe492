import { layoutGraph } from './layoutGraph';
import type { Layout, LayoutEdge, LayoutNode } from './layoutGraph';

export interface LayoutRequest {
  readonly id: number;
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
}

export interface LayoutAnswer {
  readonly id: number;
  readonly layout: Layout;
}

self.onmessage = ({ data }: MessageEvent<LayoutRequest>) => {
  const answer: LayoutAnswer = { id: data.id, layout: layoutGraph(data.nodes, data.edges) };
  self.postMessage(answer);
};
