import { memo } from 'react';
import type { Edge, EdgeProps } from 'reactflow';

export type TensorEdgeData = {
  /** An SVG path along the layout's bend points. */
  readonly path: string;
  /** It touches a selected layer. */
  readonly near: boolean;
  /** It is on the path that is shown. */
  readonly lit: boolean;
};

export type TensorFlowEdge = Edge<TensorEdgeData, 'tensor'>;

export const TensorEdge = memo(function TensorEdge({ data }: EdgeProps<TensorFlowEdge>) {
  if (!data) return null;
  const { path, near, lit } = data;
  return (
    <path
      className="tensor"
      data-near={near || undefined}
      data-lit={lit || undefined}
      d={path}
      markerEnd={`url(#arrow${lit ? '-lit' : near ? '-near' : ''})`}
    />
  );
});

/** The arrow heads, once a page: edges name them. */
export function ArrowHeads() {
  return (
    <svg className="arrow-heads" aria-hidden="true">
      <defs>
        {['arrow', 'arrow-near', 'arrow-lit'].map((id) => (
          <marker
            key={id}
            id={id}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            markerUnits="userSpaceOnUse"
            orient="auto-start-reverse"
          >
            <path d="M0,0.5 L8,4 L0,7.5 z" />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
