"""What real Keras computes for every kind of layer on tiny inputs: the executor's forward functions are held against it.

Each case is a layer by Keras's own configuration, its inputs, the values of its weights and its output, in inference and, where
that differs without being random, in training. Numbers are rounded to what float32 holds.

    .cache/python/bin/python test/parity/forwards.py      writes forwards.json beside itself
"""

import json
import pathlib

import keras
import numpy as np
from keras import layers

RANDOM = np.random.default_rng(20)


def numbers(*shape):
    return np.round(RANDOM.standard_normal(shape), 3).astype("float32")


def cases():
    image = lambda: [numbers(2, 5, 6, 3)]
    signal = lambda: [numbers(2, 7, 3)]
    vector = lambda: [numbers(3, 4)]
    yield layers.Dense(5), vector()
    yield layers.Dense(3, activation="gelu", use_bias=False), signal()
    yield layers.Identity(), vector()
    for padding in ("valid", "same"):
        for strides in (1, 2):
            yield layers.Conv2D(4, 3, strides=strides, padding=padding), image()
            yield layers.DepthwiseConv2D(3, strides=strides, padding=padding, depth_multiplier=2), image()
            yield layers.SeparableConv2D(4, 3, strides=strides, padding=padding, depth_multiplier=2), image()
            yield layers.Conv2DTranspose(4, 3, strides=strides, padding=padding), image()
            yield layers.Conv1D(4, 3, strides=strides, padding=padding), signal()
            for pool in (layers.MaxPooling2D, layers.AveragePooling2D):
                yield pool(3, strides=strides, padding=padding), image()
            for pool in (layers.MaxPooling1D, layers.AveragePooling1D):
                yield pool(2, strides=strides, padding=padding), signal()
        yield layers.Conv2D(4, (2, 3), dilation_rate=(1, 2), padding=padding), image()
        yield layers.DepthwiseConv2D(3, dilation_rate=2, padding=padding), image()
    yield layers.Conv2D(6, 3, groups=3, activation="relu", use_bias=False), image()
    yield layers.Conv2D(4, 1, strides=2, use_bias=False), image()
    yield layers.Conv2D(4, (5, 2), strides=(3, 2), padding="same"), image()
    yield layers.Conv2DTranspose(2, 3, strides=2, padding="same", output_padding=1), image()
    yield layers.Conv1D(4, 3, dilation_rate=2, padding="causal"), signal()
    yield layers.MaxPooling2D(1, strides=2), image()
    yield layers.MaxPooling2D(2), image()
    for keepdims in (False, True):
        yield layers.GlobalMaxPooling2D(keepdims=keepdims), image()
        yield layers.GlobalAveragePooling2D(keepdims=keepdims), image()
        yield layers.GlobalMaxPooling1D(keepdims=keepdims), signal()
        yield layers.GlobalAveragePooling1D(keepdims=keepdims), signal()
    yield layers.GlobalAveragePooling2D(data_format="channels_first"), image()
    yield layers.BatchNormalization(), image()
    yield layers.BatchNormalization(axis=1, momentum=0.9, epsilon=1e-5), image()
    yield layers.BatchNormalization(scale=False), vector()
    yield layers.BatchNormalization(center=False), signal()
    yield layers.LayerNormalization(), image()
    yield layers.LayerNormalization(axis=[1, 2], epsilon=1e-6, scale=False), image()
    yield layers.Dropout(0.5), vector()
    yield layers.SpatialDropout2D(0.5), image()
    yield layers.GaussianDropout(0.5), vector()
    yield layers.GaussianNoise(0.5), vector()
    for activation in (
        "linear relu relu6 softmax sigmoid tanh elu selu softplus softsign silu gelu exponential "
        "hard_sigmoid leaky_relu mish log_softmax"
    ).split():
        yield layers.Activation(activation), [numbers(4, 6) * 4]
    yield layers.ReLU(), vector()
    yield layers.ReLU(max_value=6), [numbers(4, 6) * 6]
    yield layers.ReLU(max_value=2, negative_slope=0.1, threshold=0.5), [numbers(4, 6) * 3]
    yield layers.LeakyReLU(negative_slope=0.1), vector()
    yield layers.ELU(), vector()
    yield layers.ELU(alpha=0.3), vector()
    yield layers.PReLU(shared_axes=[1, 2]), image()
    yield layers.PReLU(), vector()
    yield layers.Softmax(), vector()
    yield layers.Softmax(axis=1), image()
    for merge in (layers.Add, layers.Multiply, layers.Average, layers.Maximum, layers.Minimum):
        yield merge(), [numbers(2, 3, 4), numbers(2, 3, 4), numbers(2, 1, 4)]
    yield layers.Subtract(), [numbers(2, 4), numbers(2, 4)]
    yield layers.Add(), [numbers(2, 3, 4), numbers(2, 4)]
    yield layers.Concatenate(), [numbers(2, 3, 4), numbers(2, 3, 1)]
    yield layers.Concatenate(axis=1), [numbers(2, 3, 4), numbers(2, 2, 4)]
    yield layers.Flatten(), image()
    yield layers.Flatten(data_format="channels_first"), image()
    yield layers.Reshape((6, -1)), image()
    yield layers.Permute((3, 1, 2)), image()
    yield layers.ZeroPadding2D(((1, 2), (0, 3))), image()
    yield layers.Cropping2D(((1, 0), (2, 1))), image()
    for interpolation in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"):
        yield layers.UpSampling2D((2, 3), interpolation=interpolation), image()
    yield layers.Rescaling(1 / 127.5, offset=-1), image()
    yield layers.Rescaling([1.0, 2.0, 3.0], offset=[0.0, 1.0, 2.0]), image()
    yield layers.Normalization(mean=[1.0, 2.0, 3.0], variance=[1.0, 4.0, 0.0]), image()
    yield layers.Normalization(mean=[1.0, 2.0, 3.0], variance=[1.0, 4.0, 9.0], invert=True), image()
    adapted = layers.Normalization()
    adapted.adapt(numbers(20, 3) * 3 + 1)
    yield adapted, image()


def array(values):
    values = np.asarray(values)
    return {"shape": list(values.shape), "data": [float("%.7g" % value) for value in values.flatten()]}


def is_idle(key, value):
    return value is None or key in ("name", "dtype", "trainable") or key.endswith("_initializer")


def case(layer, inputs):
    fed = inputs if len(inputs) > 1 else inputs[0]
    layer(fed)
    if not isinstance(layer, layers.Normalization):
        for weight in layer.weights:
            values = numbers(*weight.shape)
            weight.assign(np.abs(values) + 0.5 if weight.name == "moving_variance" else values)
    config = {key: value for key, value in layer.get_config().items() if not is_idle(key, value)}
    result = {
        "kind": type(layer).__name__,
        "config": config,
        "inputs": [array(value) for value in inputs],
        "weights": {weight.name: array(weight.numpy()) for weight in layer.weights},
        "output": array(layer(fed, training=False)),
    }
    if isinstance(layer, layers.BatchNormalization):
        result["training"] = array(layer(fed, training=True))
        result["moved"] = {name: array(getattr(layer, name)) for name in ("moving_mean", "moving_variance")}
    return result


def main():
    results = [case(layer, inputs) for layer, inputs in cases()]
    lines = ",\n".join(json.dumps(result, separators=(",", ":")) for result in results)
    text = '{"keras":"%s","cases":[\n%s\n]}\n' % (keras.__version__, lines)
    (pathlib.Path(__file__).parent / "forwards.json").write_text(text)


if __name__ == "__main__":
    main()
