/**
 * Where a layer's record says why no layer of the catalogue stands for it. Not a text: what a file says cannot be mistaken
 * for it.
 */
export const OPAQUE_REASON = Symbol('why nothing computes it');

export interface WithReason {
  readonly [OPAQUE_REASON]?: string;
}

/** Why a layer of a record is opaque, where whoever made the record knows. */
export function opaqueReasonOf(record: object): string | undefined {
  return (record as WithReason)[OPAQUE_REASON];
}
