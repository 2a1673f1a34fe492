import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/numberOperations';
import { computes } from './forward';

const compute: Readonly<Record<catalogue.NumberOperationName, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>> = {
  Power: (a, b) => tf.pow(a, b),
  Divide: (a, b) => tf.div(a, b),
  FloorDivide: (a, b) => tf.floor(tf.div(a, b)),
  Mod: (a, b) => tf.mod(a, b),
};

export const numberOperations = [
  computes(catalogue.clip, ({ x_min: least, x_max: most }, [x]) => {
    const above = least === null ? x : tf.maximum(x, least);
    return most === null ? above : tf.minimum(above, most);
  }),
  computes(catalogue.numberOperation, ({ operation, number, number_first: first }, [x]) => {
    const scalar = tf.scalar(number);
    return first ? compute[operation](scalar, x) : compute[operation](x, scalar);
  }),
];
