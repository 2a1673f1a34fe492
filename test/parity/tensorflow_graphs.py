"""Writes graphs that were not written in Keras's layers with real TensorFlow into a folder: SavedModels, frozen graphs and
TensorFlow.js graph models, `<case>.x.npy` to feed them and `<case>.y.npy`, what TensorFlow answers. Prints the cases as
JSON.

TensorFlow.js's converter cannot be installed beside this TensorFlow: its graph models are written by tensorflow_js.py,
which freezes, optimizes and lays out the files as the converter does.

Run: tensorflow_graphs.py FOLDER
"""

import json
import os
import sys

import keras
import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tensorflow_js

L = keras.layers
rng = np.random.default_rng(11)


def weight(*shape, low=-0.5, high=0.5):
    return tf.Variable(rng.uniform(low, high, shape).astype("float32"))


def vit():
    x = inputs = keras.Input((32, 32, 3))
    x = L.Reshape((16, 16))(L.Conv2D(16, 8, strides=8)(x))
    x = x + L.Embedding(16, 16)(keras.ops.arange(16))
    for _ in range(2):
        y = L.LayerNormalization(epsilon=1e-6)(x)
        x = L.Add()([x, L.MultiHeadAttention(2, 8)(y, y)])
        y = L.LayerNormalization(epsilon=1e-6)(x)
        x = L.Add()([x, L.Dense(16)(L.Dense(32, activation="gelu")(y))])
    x = L.GlobalAveragePooling1D()(L.LayerNormalization()(x))
    model = keras.Model(inputs, L.Dense(5)(x), name="vit")
    for one in model.weights:
        one.assign(rng.uniform(-0.5, 0.5, one.shape) + (1 if "gamma" in one.path else 0))
    return lambda x: model(x, training=False), model


def class_token():
    """A transformer's block by hand: a class token for each sample, heads by einsum, gelu by tanh, a flag that is known."""
    kernel, token, places = weight(4, 4, 3, 8), weight(1, 1, 8), weight(1, 17, 8)
    queries, out, gamma, beta = weight(8, 3, 2, 4), weight(2, 4, 8), weight(8), weight(8)

    def normalize(x):
        mean, variance = tf.nn.moments(x, [-1], keepdims=True)
        return tf.nn.batch_normalization(x, mean, variance, beta, gamma, 1e-6)

    def compute(x):
        x = tf.nn.conv2d(x, kernel, 4, "VALID")
        batch = tf.shape(x)[0]
        x = tf.reshape(x, [batch, 16, 8])
        x = tf.concat([tf.broadcast_to(token, [batch, 1, 8]), x], 1) + places
        y = tf.einsum("bti,ijhd->jbthd", normalize(x), queries)
        q, k, v = tf.unstack(y)
        scores = tf.einsum("bqhd,bkhd->bhqk", q * 4**-0.5, k)
        y = tf.einsum("bhqk,bkhd->bqhd", tf.nn.softmax(scores), v)
        x += tf.einsum("bqhd,hdo->bqo", y, out)
        y = tf.nn.gelu(normalize(x), approximate=True)
        y = tf.cond(tf.constant(False), lambda: tf.nn.dropout(y, 0.5), lambda: y * 1.5)
        return tf.math.l2_normalize((x + y)[:, 0], -1)

    return compute, (16, 16, 3)


def odds():
    """Old resizings, reflected borders, dilation by batches, a transposed convolution, pixels to channels, splits."""
    first, dilated, spread = weight(3, 3, 3, 8), weight(3, 3, 8, 8), weight(3, 3, 4, 8)
    bias, vector, matrix = weight(8), weight(8, low=0.5), weight(8, 8)

    def compute(x):
        x = tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], "REFLECT")
        x = tf.nn.leaky_relu(tf.nn.conv2d(x, first, 1, "VALID") + bias, 0.1)
        y = tf.space_to_batch(x, [2, 2], [[2, 2], [2, 2]])
        y = tf.batch_to_space(tf.nn.conv2d(y, dilated, 1, "VALID"), [2, 2], [[0, 0], [0, 0]])
        x = tf.nn.elu(y) + tf.nn.selu(x) * tf.nn.softplus(x)
        z = tf.nn.conv2d_transpose(x, spread, [tf.shape(x)[0], 24, 24, 4], 2, "SAME")
        z = tf.nn.space_to_depth(z, 2)[:, :, :, 4:12]
        a, b, c = tf.split(x, [2, 2, 4], 3)
        x = tf.concat([b, tf.square(a), tf.exp(-tf.abs(c))], -1) + z
        small = tf.compat.v1.image.resize_bilinear(x, [5, 7], align_corners=True)
        tiny = tf.compat.v1.image.resize_nearest_neighbor(x, [5, 7])
        modern = tf.image.resize(x, [5, 7])
        x = small * tiny + modern - tf.reduce_max(x, [1, 2], keepdims=True)
        x = tf.where(x > 0.1, x, x * vector)
        x = tf.math.squared_difference(x, tf.reduce_mean(x, [3], keepdims=True))
        x = tf.gather(x, [3, 1, 0, 7, 6, 2, 5, 4], axis=3)
        x = tf.nn.relu6(tf.reshape(x, [-1, 8]) @ matrix) ** 0.5
        x = tf.clip_by_value(tf.reshape(x, [-1, 35, 8]), 0.1, 2.0)
        x = tf.transpose(x, [1, 0, 2])[::-2]
        x = tf.reduce_sum(tf.math.rsqrt(x + 1.0) / (x + 0.5), 0)
        return tf.stack([x, tf.maximum(x, 0.3)], 1) - tf.tile(x[:, tf.newaxis], [1, 2, 1])

    return compute, (12, 12, 3)


def channels_first():
    """As graphs written for NVIDIA's cards are. TensorFlow on a CPU computes no convolutions so: its answer is of the same
    net with its channels last."""
    kernels, biases = [weight(3, 3, 3, 8), weight(3, 3, 8, 6)], [weight(8), weight(6)]
    statistics = [weight(8, low=0.5, high=1.5) for _ in range(4)]

    def compute(x, format="NCHW"):
        last = format == "NHWC"
        x = tf.transpose(x, [0, 2, 3, 1]) if last else x
        for kernel, bias in zip(kernels, biases):
            strides = [1, 2, 2, 1] if last else [1, 1, 2, 2]
            x = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, kernel, strides, "SAME", format), bias, format))
            if kernel is kernels[0]:
                x = tf.raw_ops.FusedBatchNormV3(
                    x=x, scale=statistics[0], offset=statistics[1], mean=statistics[2], variance=statistics[3],
                    epsilon=1e-3, is_training=False, data_format=format,
                )[0]
        x = tf.nn.max_pool2d(x, 2, 2, "VALID", format)
        return tf.reduce_mean(x, [1, 2] if last else [2, 3])

    return compute, (3, 16, 16), lambda x: compute(x, "NHWC")


def freeze(function, spec, path):
    frozen = convert_variables_to_constants_v2(tf.function(function).get_concrete_function(spec))
    with open(path, "wb") as file:
        file.write(frozen.graph.as_graph_def().SerializeToString())


def save(function, spec, path):
    module = tf.Module()
    module.serve = tf.function(function, input_signature=[spec])
    module.kept = [cell.cell_contents for cell in function.__closure__ or () if isinstance(cell.cell_contents, (tf.Variable, list))]
    module.inner = [
        one.cell_contents
        for cell in function.__closure__ or ()
        if callable(cell.cell_contents)
        for one in getattr(cell.cell_contents, "__closure__", None) or ()
    ]
    tf.saved_model.save(module, path, signatures=module.serve)


def main(folder):
    cases = []
    at = lambda name: os.path.join(folder, name)

    def case(name, path, shape, predict):
        x = rng.uniform(-1, 1, (3, *shape)).astype("float32")
        np.save(at(f"{name}.x.npy"), x)
        np.save(at(f"{name}.y.npy"), np.asarray(predict(x)).astype("float32"))
        cases.append({"name": name, "path": path})

    compute, model = vit()
    spec = tf.TensorSpec([None, 32, 32, 3], name="image")
    model.export(at("vit"), verbose=False)
    case("vit exported", at("vit"), (32, 32, 3), compute)
    freeze(compute, spec, at("vit.pb"))
    case("vit frozen", at("vit.pb"), (32, 32, 3), compute)
    for name, (compute, shape, *answer) in {"token": class_token(), "odds": odds(), "first": channels_first()}.items():
        spec = tf.TensorSpec([None, *shape], name="image")
        predict = answer[0] if answer else compute
        save(compute, spec, at(name))
        case(f"{name} saved", at(name), shape, predict)
        freeze(compute, spec, at(f"{name}.pb"))
        case(f"{name} frozen", at(f"{name}.pb"), shape, predict)
        if answer:
            continue
        predict = tensorflow_js.write(compute, spec, at(f"{name}-tfjs"))
        case(f"{name}-tfjs", at(f"{name}-tfjs"), shape, predict)
    print(json.dumps(cases))


main(sys.argv[1])
