/** Operations that give out what they take. */
export const PASSING: ReadonlySet<string> = new Set([
  'Identity',
  'StopGradient',
  'PreventGradient',
  'CheckNumerics',
  'Snapshot',
  'ReadVariableOp',
  'EnsureShape',
]);
