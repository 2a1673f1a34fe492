"""What real Keras computes for every kind of layer on tiny inputs: the executor's forward functions are held against it.

Each case is a layer by Keras's own configuration, its inputs, the values of its weights and its output, in inference and, where
that differs without being random, in training. Numbers are rounded to what float32 holds.

    .cache/python/bin/python test/parity/forwards.py      writes forwards.json beside itself
"""

import itertools
import json
import pathlib

import keras
import numpy as np
from keras import layers
from keras.src.applications.convnext import LayerScale, StochasticDepth
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer
from kind_forwards import kinds
from sequence_forwards import kind_of, place_of, sequences

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


def volumes():
    """Kinds over three axes, the one-dimensional kinds that are computed as images, and what else came after the first."""
    image = lambda: [numbers(2, 5, 6, 3)]
    signal = lambda: [numbers(2, 7, 3)]
    volume = lambda: [numbers(2, 4, 5, 3, 2)]
    small = lambda: [numbers(2, 3, 2, 3, 2)]
    for padding in ("valid", "same"):
        for strides in (1, 2):
            yield layers.Conv3D(2, (2, 3, 2), strides=strides, padding=padding), volume()
            yield layers.Conv3DTranspose(2, (3, 2, 2), strides=strides, padding=padding), small()
            yield layers.Conv1DTranspose(4, 3, strides=strides, padding=padding), signal()
            yield layers.DepthwiseConv1D(3, strides=strides, padding=padding, depth_multiplier=2), signal()
            yield layers.SeparableConv1D(4, 3, strides=strides, padding=padding), signal()
            for pool in (layers.MaxPooling3D, layers.AveragePooling3D):
                yield pool((2, 3, 2), strides=strides, padding=padding), volume()
        yield layers.Conv3D(2, 2, dilation_rate=(2, 1, 2), padding=padding), volume()
        yield layers.DepthwiseConv1D(2, dilation_rate=2, padding=padding), signal()
    yield layers.Conv3D(4, 2, groups=2, use_bias=False, activation="relu"), volume()
    yield layers.Conv3D(3, 3, strides=(3, 1, 2), padding="same"), volume()
    yield layers.Conv3D(3, 1, strides=2), volume()
    yield layers.Conv3DTranspose(2, 2, strides=3, padding="same", output_padding=1), small()
    yield layers.Conv3DTranspose(1, 2, strides=(3, 1, 2)), small()
    yield layers.Conv1DTranspose(4, 2, strides=3, output_padding=1), signal()
    yield layers.AveragePooling3D((1, 2, 2)), volume()
    yield layers.MaxPooling3D((3, 1, 1), strides=(2, 2, 1)), volume()
    yield layers.GlobalMaxPooling3D(), volume()
    yield layers.GlobalAveragePooling3D(keepdims=True), volume()
    yield layers.BatchNormalization(), volume()
    yield layers.GroupNormalization(3), [numbers(2, 3, 4, 6)]
    yield layers.GroupNormalization(2, axis=1, scale=False), [numbers(2, 4, 3)]
    yield layers.GroupNormalization(-1, center=False, epsilon=1e-5), signal()
    yield layers.GroupNormalization(1, center=False, scale=False), volume()
    yield layers.RMSNormalization(), signal()
    yield layers.RMSNormalization(axis=[1, 2], epsilon=1e-3), signal()
    yield layers.UnitNormalization(), signal()
    yield layers.UnitNormalization(axis=[1, 2]), signal()
    yield layers.AlphaDropout(0.5), signal()
    yield layers.SpatialDropout1D(0.5), signal()
    yield layers.SpatialDropout3D(0.5), volume()
    yield layers.ActivityRegularization(l1=0.1), signal()
    yield layers.Dot(1), [numbers(3, 4), numbers(3, 4)]
    yield layers.Dot(-1, normalize=True), [numbers(3, 4), numbers(3, 4)]
    yield layers.Dot((2, 1)), [numbers(2, 3, 4), numbers(2, 4, 5)]
    yield layers.Dot((1, 2), normalize=True), [numbers(2, 4, 3), numbers(2, 5, 4)]
    yield layers.Dot((1, 2)), [numbers(2, 4), numbers(2, 3, 4)]
    yield layers.Dot((2, 1)), [numbers(2, 3, 4, 2), numbers(2, 4)]
    yield layers.Dot((3, 1)), [numbers(2, 3, 2, 4), numbers(2, 4, 3, 2)]
    yield layers.RepeatVector(3), [numbers(2, 4)]
    yield layers.ZeroPadding1D((0, 2)), signal()
    yield layers.ZeroPadding1D(1, data_format="channels_first"), signal()
    yield layers.ZeroPadding3D(((0, 1), (2, 0), (1, 1))), volume()
    yield layers.Cropping1D((1, 3)), signal()
    yield layers.Cropping3D(((0, 1), (2, 0), (1, 1))), volume()
    yield layers.UpSampling1D(3), signal()
    yield layers.UpSampling3D((2, 1, 3)), volume()
    for interpolation in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"):
        yield layers.Resizing(3, 8, interpolation), image()
    yield layers.Resizing(2, 3, antialias=True), image()
    yield layers.Resizing(2, 9, "bicubic", antialias=True), image()
    yield layers.Resizing(3, 2, "lanczos3", antialias=True), image()
    yield layers.Resizing(4, 7, crop_to_aspect_ratio=True), image()
    yield layers.Resizing(4, 9, pad_to_aspect_ratio=True, fill_value=0.5), image()
    yield layers.CenterCrop(3, 4), image()
    yield layers.CenterCrop(2, 3), image()
    yield layers.CenterCrop(7, 4), image()
    yield layers.RandomFlip(), image()
    for kind in (layers.RandomContrast, layers.RandomBrightness, layers.RandomRotation, layers.RandomZoom):
        yield kind(0.2), image()
    yield layers.RandomTranslation(0.2, 0.1), image()
    yield layers.RandomShear(0.2, 0.1), image()
    yield layers.RandomPosterization(3), image()
    for kind in (layers.RandomHue, layers.RandomSaturation, layers.RandomSharpness, layers.RandomColorDegeneration):
        yield kind(0.2), image()
    for kind in (
        layers.RandomInvert,
        layers.RandomGrayscale,
        layers.RandomGaussianBlur,
        layers.RandomErasing,
        layers.RandomPerspective,
        layers.RandomElasticTransform,
        layers.RandomColorJitter,
        layers.RandAugment,
        layers.AugMix,
        layers.MixUp,
        layers.CutMix,
    ):
        yield kind(), image()
    for activation in (
        "celu hard_silu hard_tanh hard_shrink soft_shrink tanh_shrink log_sigmoid squareplus sparse_plus sparse_sigmoid"
    ).split():
        yield layers.Activation(activation), [numbers(4, 6) * 2]
    yield LayerScale(0.1, 3), image()
    yield CustomScaleLayer(0.17), image() + image()
    yield StochasticDepth(0.5), image()


def name_of(weight, layer):
    """A weight that was given no name is `variable`, `variable_1`, ... in order of making; its attribute says more."""
    if not weight.name.startswith("variable"):
        return weight.name
    return next(key for key, value in vars(layer).items() if value is weight)


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
        "weights": {name_of(weight, layer): array(weight.numpy()) for weight in layer.weights},
        "output": array(layer(fed, training=False)),
    }
    if isinstance(layer, layers.BatchNormalization):
        result["training"] = array(layer(fed, training=True))
        result["moved"] = {name: array(getattr(layer, name)) for name in ("moving_mean", "moving_variance")}
    return result


def trimmed(config):
    """A null is what is left out, except that of Bidirectional's merge mode."""
    kept = {key: value for key, value in config.items() if key == "merge_mode" or not is_idle(key, value)}
    return {key: held(key, value) for key, value in kept.items()}


def held(key, value):
    if key == "cells":
        return [inner(one) for one in value]
    return inner(value) if key in ("layer", "backward_layer", "cell") else value


def inner(serialized):
    return {"class_name": serialized["class_name"], "config": trimmed(serialized["config"])}


def sequence_case(layer, inputs, call, masks):
    call(layer, inputs, masks)
    for weight in layer.weights:
        values = numbers(*weight.shape)
        # So that gates are not shut, where a step could not be told from another.
        weight.assign(np.abs(values) + 0.5 if weight.name == "moving_variance" else values / 2)
    outputs = call(layer, inputs, masks)
    first, *others = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    return {
        "kind": kind_of(layer),
        "config": trimmed(layer.get_config()),
        "inputs": [array(value) for value in inputs],
        **({"masks": [None if mask is None else array(mask) for mask in masks]} if masks else {}),
        "weights": {place_of(weight, layer): array(weight.numpy()) for weight in layer.weights},
        "output": array(first),
        **({"others": [array(other) for other in others]} if others else {}),
    }


def main():
    results = [case(layer, inputs) for layer, inputs in itertools.chain(cases(), volumes())]
    results += [sequence_case(*one) for one in sequences(numbers)]
    results += [sequence_case(*one) for one in kinds(numbers)]
    lines = ",\n".join(json.dumps(result, separators=(",", ":")) for result in results)
    text = '{"keras":"%s","cases":[\n%s\n]}\n' % (keras.__version__, lines)
    (pathlib.Path(__file__).parent / "forwards.json").write_text(text)


if __name__ == "__main__":
    main()
