import { OLDER_NAMES } from '../../core/surgery/foreignWeights';

/** `kernel` for `weights:0`: the name that Keras 3 gives a weight inside its layer. */
export function weightNameOf(written: string): string {
  const plain = written.replace(/:\d+$/, '');
  return OLDER_NAMES[plain] ?? plain;
}

/** A statistic is never moved by a gradient. */
export function roleOf(name: string): 'parameter' | 'statistic' {
  return /^moving_|^(mean|variance|count)$/.test(name) ? 'statistic' : 'parameter';
}
