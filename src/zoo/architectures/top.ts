import type { GraphBuilder, Named, Tensor } from './builder';
import type { BuildOptions } from './options';

/** Without a top: global pooling, if any. Keras's counting names it where no name is given. */
export function pooled(
  net: GraphBuilder,
  x: Tensor,
  { pooling }: BuildOptions,
  names: { readonly avg?: string; readonly max?: string } = {},
): Tensor {
  switch (pooling) {
    case 'avg':
      return net.globalAveragePool(x, names.avg);
    case 'max':
      return net.globalMaxPool(x, names.max);
    case null:
      return x;
  }
}

/** The layer `predictions`. */
export function predictions(
  net: GraphBuilder,
  x: Tensor,
  { classes, classifierActivation }: BuildOptions,
  config: Named = {},
): Tensor {
  return net.dense(x, classes, { activation: classifierActivation, name: 'predictions', ...config });
}

/** The end that most families share: the average `avg_pool` before `predictions`, or the pooling that was asked for. */
export function averagedTop(
  net: GraphBuilder,
  x: Tensor,
  options: BuildOptions,
  names: { readonly avg?: string; readonly max?: string } = { avg: 'avg_pool', max: 'max_pool' },
): Tensor {
  return options.includeTop
    ? predictions(net, net.globalAveragePool(x, 'avg_pool'), options)
    : pooled(net, x, options, names);
}
