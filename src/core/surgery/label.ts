import type { FreezeRule, Match } from '../freeze/rule';
import { donorPath } from './donors';
import type { Operation, OperationOf } from './recipe';
import { t } from '../../l10n/translate';

/** An operation as people read it in a menu: `Cut after out_relu`. */
export function labelOf(operation: Operation): string {
  switch (operation.op) {
    case 'cut':
      return t('Cut after {0}', operation.after);
    case 'remove':
      return t('Remove {0}', list(operation.layers));
    case 'append':
      return t(
        'Append {0} after {1}',
        list(operation.layers.map(({ name, kind }) => name ?? kind)),
        operation.after,
      );
    case 'insert':
      return t(
        'Insert {0} before {1}',
        list(operation.layers.map(({ name, kind }) => name ?? kind)),
        operation.between[1],
      );
    case 'rename':
      return t('Rename {0} to {1}', operation.layer, operation.to);
    case 'configure': {
      const fields = Object.keys(operation.config);
      return fields.length === 1
        ? t('Set {0} of {1}', fields[0], operation.layer)
        : t('Configure {0}', operation.layer);
    }
    case 'reinitialize':
      return t('Reinitialize {0}', list(operation.layers));
    case 'replace':
      return t('Replace {0} by {1}', operation.layer, operation.with.name ?? operation.with.kind);
    case 'inputShape':
      return t(
        'Set the shape of {0} to {1}',
        operation.input ?? t('the input'),
        operation.shape.map((size) => size ?? '?').join('×'),
      );
    case 'graft':
      return t('Graft {0} after {1}', partOf(operation), operation.after);
    case 'warmStart':
      return t('Warm start from {0}', fileName(donorPath(operation.from)));
  }
}

function partOf({ donor, from, to }: OperationOf<'graft'>): string {
  const file = fileName(donorPath(donor));
  if (from !== undefined && from === to) return t('{0} of {1}', from, file);
  if (from !== undefined) {
    return to === undefined ? t('{0} from {1}', file, from) : t('{0} from {1} up to {2}', file, from, to);
  }
  return to === undefined ? file : t('{0} up to {1}', file, to);
}

const fileName = (path: string) => path.split(/[\\/]/).findLast((name) => name !== '') ?? path;

/** Freeze rules added in one go: `Freeze up to conv5`, `Unfreeze BatchNormalization layers`. */
export function labelOfFreeze(rules: readonly FreezeRule[]): string {
  if (rules.length > 2) return t('Change {0} freeze rules', rules.length);
  const text = rules.map(wordsForRule).join(', ');
  // Another language may begin with a layer's name, which stays what it is.
  return globalThis.modelSurgeryLanguage ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function wordsForRule({ match, trainable, learningRateMultiplier: rate }: FreezeRule): string {
  if ('kind' in match) {
    if (rate !== undefined) return t('train {0} layers at {1}× the rate', match.kind, rate);
    return trainable ? t('unfreeze {0} layers', match.kind) : t('freeze {0} layers', match.kind);
  }
  const words = wordsFor(match);
  if (rate !== undefined) return t('train {0} at {1}× the rate', words, rate);
  return trainable ? t('unfreeze {0}', words) : t('freeze {0}', words);
}

function wordsFor(match: Exclude<Match, { readonly kind: string }>): string {
  if ('names' in match) return list(match.names);
  if ('regex' in match) return t('layers matching {0}', match.regex);
  if ('group' in match) return t('group {0}', match.group);
  if ('stages' in match)
    return match.stages === 1 ? t('the first stage') : t('the first {0} stages', match.stages);
  if ('upTo' in match) return t('up to {0}', match.upTo);
  if ('from' in match) return t('from {0} on', match.from);
  return t('all layers');
}

function list(names: readonly string[]): string {
  return names.length > 2 ? t('{0} layers', names.length) : names.join(t(' and '));
}
