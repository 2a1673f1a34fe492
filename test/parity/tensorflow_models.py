"""Writes models with real TensorFlow into a folder: SavedModels and TensorFlow.js graph models, `<case>.x.npy` to feed
them and `<case>.y.npy`, what TensorFlow answers. Prints the cases as JSON.

Run: tensorflow_models.py FOLDER
"""

import json
import os
import sys

import keras
import numpy as np
import tensorflow as tf

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tensorflow_js

L = keras.layers


def randomize(model, seed):
    """Numbers under which every weight and statistic matters, and deep nets keep their range."""
    rng = np.random.default_rng(seed)
    for weight in model.weights:
        value = np.array(weight)
        kind = weight.path.split("/")[-1]
        if kind in ("gamma", "moving_variance", "variance"):
            value = rng.uniform(0.5, 1.5, value.shape)
        elif kind in ("beta", "moving_mean", "bias", "mean"):
            value = rng.uniform(-0.2, 0.2, value.shape)
        weight.assign(value.astype("float32")) if kind != "count" else None
    return model


def resnet():
    x = inputs = keras.Input((32, 32, 3))
    x = L.Rescaling(1 / 127.5, -1)(x)
    x = L.ZeroPadding2D(3, name="pad")(x)
    x = L.Conv2D(8, 7, strides=2, name="stem")(x)
    x = L.BatchNormalization(axis=3, epsilon=1.001e-5, name="stem_bn")(x)
    x = L.Activation("relu")(x)
    x = L.MaxPooling2D(3, 2, padding="same")(x)
    for stage, (filters, strides) in enumerate(((8, 1), (16, 2))):
        shortcut = L.Conv2D(filters, 1, strides=strides, name=f"short{stage}")(x)
        y = L.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False, name=f"a{stage}")(x)
        y = L.BatchNormalization(scale=False, name=f"a{stage}_bn")(y)
        y = L.ReLU()(y)
        y = L.DepthwiseConv2D(3, padding="same", depth_multiplier=1, name=f"b{stage}")(y)
        y = L.BatchNormalization(center=False, name=f"b{stage}_bn")(y)
        x = L.Activation("relu")(L.Add()([shortcut, y]))
    z = L.AveragePooling2D(2, padding="same")(x)
    z = L.Conv2D(6, 3, padding="same", dilation_rate=2, activation="tanh", name="dilated")(z)
    w = L.MaxPooling2D(2, padding="same")(x)
    x = L.Concatenate()([z, w])
    x = L.Flatten()(x)
    x = L.Dense(24, activation="elu", name="hidden")(x)
    x = L.BatchNormalization(name="hidden_bn")(x)
    x = L.Reshape((3, 8))(x)
    x = L.Dense(4, name="each")(x)
    x = L.GlobalAveragePooling1D()(x)
    return keras.Model(inputs, L.Dense(5, activation="softmax", name="classes")(x), name="resnet")


def squeezed():
    """Normalized data, squeeze-and-excitation, hard swish, a mean that keeps its axes, two branches multiplied."""
    x = inputs = keras.Input((16, 16, 3))
    x = L.Normalization(mean=[0.1, 0.2, 0.3], variance=[0.5, 1.5, 2.5])(x)
    x = L.Conv2D(8, 3, padding="same", strides=2, use_bias=False)(x)
    x = L.BatchNormalization()(x)
    x = L.Activation("hard_swish")(x)
    y = L.GlobalAveragePooling2D(keepdims=True)(x)
    y = L.Conv2D(4, 1, activation="relu6")(y)
    y = L.Conv2D(8, 1, activation="hard_sigmoid")(y)
    x = L.Multiply()([x, y])
    x = L.LeakyReLU(0.1)(x)
    x = L.Subtract()([x, L.Conv2D(8, 1, activation="silu")(x)])
    x = L.GlobalMaxPooling2D()(x)
    return keras.Model(inputs, L.Dense(3, activation="sigmoid")(x), name="squeezed")


class Scaled(tf.Module):
    """What is no Keras: scaled and shifted by variables a channel, a convolution padded in its own way, no bias."""

    def __init__(self):
        rng = np.random.default_rng(9)
        self.scale = tf.Variable(rng.uniform(0.5, 1.5, 3).astype("float32"))
        self.shift = tf.Variable(rng.uniform(-1, 1, (1, 1, 1, 3)).astype("float32"))
        self.kernel = tf.Variable(rng.uniform(-1, 1, (3, 3, 3, 4)).astype("float32"))
        self.matrix = tf.Variable(rng.uniform(-1, 1, (5, 4)).astype("float32"))

    @tf.function(input_signature=[tf.TensorSpec([None, 12, 12, 3], tf.float32, name="image")])
    def __call__(self, image):
        x = tf.nn.relu6(image * self.scale + self.shift)
        x = tf.nn.conv2d(x, self.kernel, [1, 2, 2, 1], [[0, 0], [1, 2], [0, 1], [0, 0]])
        x = tf.reduce_mean(x, [1, 2])
        return {"logits": tf.matmul(x, self.matrix, transpose_b=True) / 2.0}


def main(folder):
    rng = np.random.default_rng(5)
    cases = []

    def case(name, path, shape, predict, low=-1, high=1):
        x = rng.uniform(low, high, (3, *shape)).astype("float32")
        np.save(os.path.join(folder, f"{name}.x.npy"), x)
        np.save(os.path.join(folder, f"{name}.y.npy"), np.asarray(predict(x)).astype("float32"))
        cases.append({"name": name, "path": path})

    sample = keras.models.load_model("samples/digits-0-4.h5", compile=False)
    mobile = keras.applications.MobileNetV2(weights=None, input_shape=(64, 64, 3), alpha=0.35, classes=5)
    models = {
        "sample": sample,
        "mobile": randomize(mobile, 1),
        "resnet": randomize(resnet(), 2),
        "squeezed": randomize(squeezed(), 3),
    }
    for name, model in models.items():
        path = os.path.join(folder, name)
        model.export(path, verbose=False)
        case(f"{name} exported", path, model.input_shape[1:], lambda x: model(x, training=False))
    path = os.path.join(folder, "saved")
    tf.saved_model.save(models["resnet"], path)
    case("resnet saved", path, (32, 32, 3), lambda x: models["resnet"](x, training=False))
    scaled = Scaled()
    tf.saved_model.save(scaled, os.path.join(folder, "scaled"))
    case("a module", os.path.join(folder, "scaled"), (12, 12, 3), lambda x: scaled(x)["logits"])
    for name, quantized in (("mobile", False), ("resnet", False), ("mobile", True), ("squeezed", False)):
        model = models[name]
        path = os.path.join(folder, f"{name}-tfjs{'-uint8' if quantized else ''}")
        spec = tf.TensorSpec([None, *model.input_shape[1:]], tf.float32, name="image")
        predict = tensorflow_js.write(lambda x: model(x, training=False), spec, path, quantized)
        case(f"{os.path.basename(path)}", path, model.input_shape[1:], predict)
    print(json.dumps(cases))


main(sys.argv[1])
