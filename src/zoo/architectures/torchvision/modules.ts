import type { GraphBuilder, Named, Tensor } from '../builder';

/** As torchvision starts convolutions. */
const KERNEL_INITIALIZER = {
  kind: 'VarianceScaling',
  config: { scale: 2, mode: 'fan_out', distribution: 'untruncated_normal' },
};

/** Of `torch.nn.BatchNorm2d`; its momentum is what Keras's leaves over of one. */
export interface Norm {
  readonly epsilon: number;
  readonly momentum: number;
}

const NORM: Norm = { epsilon: 1e-5, momentum: 0.9 };

/**
 * Modules of torch.nn as layers of Keras, channels last. A layer is named by its module's path, as a state dict names the
 * weights, and is of the groups that the path's parents are; what computes without weights is named after its neighbour.
 */
export class TorchModules {
  constructor(
    private readonly net: GraphBuilder,
    private readonly normalization: Norm = NORM,
  ) {}

  add(kind: string, inputs: readonly Tensor[], path: string, config: Named = {}): Tensor {
    return this.net.add(kind, inputs, { ...config, name: path }, { group: path.split('.').slice(0, -1) });
  }

  /** Half a kernel of zeros on all sides, as torchvision pads every convolution. */
  conv(
    x: Tensor,
    path: string,
    filters: number,
    kernel: number,
    { strides = 1, bias = false }: { readonly strides?: number; readonly bias?: boolean } = {},
  ): Tensor {
    return this.add('Conv2D', [this.padded(x, path, kernel, strides)], path, {
      filters,
      kernel_size: kernel,
      strides,
      padding: strides === 1 ? 'same' : 'valid',
      use_bias: bias,
      kernel_initializer: KERNEL_INITIALIZER,
    });
  }

  /** A convolution of a group a channel. */
  depthwise(x: Tensor, path: string, kernel: number, strides: number): Tensor {
    return this.add('DepthwiseConv2D', [this.padded(x, path, kernel, strides)], path, {
      kernel_size: kernel,
      strides,
      padding: strides === 1 ? 'same' : 'valid',
      use_bias: false,
      depthwise_initializer: KERNEL_INITIALIZER,
    });
  }

  /** Keras's `same` padding is even on both sides at stride one alone. */
  private padded(x: Tensor, path: string, kernel: number, strides: number): Tensor {
    return strides === 1 || kernel === 1 ? x : this.pad(x, `${path}.pad`, Math.floor(kernel / 2));
  }

  pad(x: Tensor, path: string, width: number): Tensor {
    return this.add('ZeroPadding2D', [x], path, {
      padding: [
        [width, width],
        [width, width],
      ],
    });
  }

  norm(x: Tensor, path: string): Tensor {
    return this.add('BatchNormalization', [x], path, { axis: 3, ...this.normalization });
  }

  relu(x: Tensor, path: string): Tensor {
    return this.add('Activation', [x], path, { activation: 'relu' });
  }

  /** A maximum over 3×3 with a rim, of what is rectified: zeros there are below nothing. */
  rimmedMax(x: Tensor, path: string): Tensor {
    return this.add('MaxPooling2D', [this.pad(x, `${path}.pad`, 1)], path, { pool_size: 3, strides: 2 });
  }

  add2(a: Tensor, b: Tensor, path: string): Tensor {
    return this.add('Add', [a, b], path);
  }

  linear(x: Tensor, path: string, units: number, activation: string | null = null): Tensor {
    return this.add('Dense', [x], path, { units, activation });
  }

  dropout(x: Tensor, path: string, rate: number): Tensor {
    return this.add('Dropout', [x], path, { rate });
  }
}
