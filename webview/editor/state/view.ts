/** The view of the graph, as far as others move it. */
export interface Camera {
  fit(): void;
  /** Brings a layer into view, or the box it is in, moving no further than it must. */
  reveal(id: string): void;
  zoomBy(factor: number): void;
  /** Shows all of some layers. */
  zoomTo(ids: Iterable<string>): void;
  /** What the next drawing leaves where it is on the screen: a layer or a box. */
  hold(id: string): void;
}
