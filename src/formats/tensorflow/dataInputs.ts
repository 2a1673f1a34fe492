import type { GraphNode } from './graphDef';

/** What an operation computes with; `^name` only says what comes first. */
export const dataInputs = ({ inputs }: Pick<GraphNode, 'inputs'>): readonly string[] =>
  inputs.filter((input) => !input.startsWith('^'));
