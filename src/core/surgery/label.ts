import type { FreezeRule, Match } from '../freeze/rule';
import { donorPath } from './donors';
import type { Operation, OperationOf } from './recipe';

/** An operation as people read it in a menu: `Cut after out_relu`. */
export function labelOf(operation: Operation): string {
  switch (operation.op) {
    case 'cut':
      return `Cut after ${operation.after}`;
    case 'remove':
      return `Remove ${list(operation.layers)}`;
    case 'append':
      return `Append ${list(operation.layers.map(({ name, kind }) => name ?? kind))} after ${operation.after}`;
    case 'insert':
      return `Insert ${list(operation.layers.map(({ name, kind }) => name ?? kind))} before ${operation.between[1]}`;
    case 'rename':
      return `Rename ${operation.layer} to ${operation.to}`;
    case 'configure': {
      const fields = Object.keys(operation.config);
      return fields.length === 1 ? `Set ${fields[0]} of ${operation.layer}` : `Configure ${operation.layer}`;
    }
    case 'reinitialize':
      return `Reinitialize ${list(operation.layers)}`;
    case 'replace':
      return `Replace ${operation.layer} by ${operation.with.name ?? operation.with.kind}`;
    case 'inputShape':
      return `Set the shape of ${operation.input ?? 'the input'} to ${operation.shape.map((size) => size ?? '?').join('×')}`;
    case 'graft':
      return `Graft ${partOf(operation)} after ${operation.after}`;
    case 'warmStart':
      return `Warm start from ${fileName(donorPath(operation.from))}`;
  }
}

function partOf({ donor, from, to }: OperationOf<'graft'>): string {
  const file = fileName(donorPath(donor));
  if (from !== undefined && from === to) return `${from} of ${file}`;
  const part = [from === undefined ? '' : ` from ${from}`, to === undefined ? '' : ` up to ${to}`].join('');
  return `${file}${part}`;
}

const fileName = (path: string) => path.split(/[\\/]/).findLast((name) => name !== '') ?? path;

/** Freeze rules added in one go: `Freeze up to conv5`, `Unfreeze BatchNormalization layers`. */
export function labelOfFreeze(rules: readonly FreezeRule[]): string {
  if (rules.length > 2) return `Change ${rules.length} freeze rules`;
  const parts = rules.map(({ match, trainable, learningRateMultiplier }) =>
    learningRateMultiplier === undefined
      ? `${trainable ? 'unfreeze' : 'freeze'} ${wordsFor(match)}`
      : `train ${wordsFor(match)} at ${learningRateMultiplier}× the rate`,
  );
  const text = parts.join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function wordsFor(match: Match): string {
  if ('names' in match) return list(match.names);
  if ('regex' in match) return `layers matching ${match.regex}`;
  if ('kind' in match) return `${match.kind} layers`;
  if ('group' in match) return `group ${match.group}`;
  if ('stages' in match) return match.stages === 1 ? 'the first stage' : `the first ${match.stages} stages`;
  if ('upTo' in match) return `up to ${match.upTo}`;
  if ('from' in match) return `from ${match.from} on`;
  return 'all layers';
}

function list(names: readonly string[]): string {
  return names.length > 2 ? `${names.length} layers` : names.join(' and ');
}
