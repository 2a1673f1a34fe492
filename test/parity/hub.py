"""Writes modules as TensorFlow Hub publishes them with real TensorFlow into a folder: InceptionV3 and MobileNetV2 without
their tops and with average pooling, of pixels from 0 to 1, each as a SavedModel and as a TensorFlow.js graph model; `x.npy`
to feed them and `y.npy`, what TensorFlow answers, beside each. Prints nothing.

Run: hub.py FOLDER
"""

import os
import sys

import keras
import numpy as np
import tensorflow as tf

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tensorflow_js

rng = np.random.default_rng(23)


def randomize(model):
    """Statistics that matter; kernels keep what Keras drew, under which deep nets keep their range."""
    for weight in model.weights:
        kind = weight.path.split("/")[-1]
        if kind in ("gamma", "moving_variance"):
            weight.assign(rng.uniform(0.7, 1.3, weight.shape).astype("float32"))
        elif kind in ("beta", "moving_mean"):
            weight.assign(rng.uniform(-0.2, 0.2, weight.shape).astype("float32"))


def module(application, name, size, **options):
    """With the scaling that modules do themselves."""
    keras.utils.set_random_seed(3)
    inputs = keras.Input((size, size, 3), name="inputs")
    net = application(weights=None, include_top=False, pooling="avg", input_shape=(size, size, 3), **options)
    randomize(net)
    return keras.Model(inputs, net(keras.layers.Rescaling(2.0, -1.0)(inputs)), name=name)


def serving(model, spec):
    """Traced once, for both forms and the answer: a trace of InceptionV3 takes seconds."""
    return tf.function(lambda x: model(x, training=False), [spec])


def main(folder):
    applications = keras.applications
    for name, model in {
        "inception_v3_feature_vector": module(applications.InceptionV3, "inception_v3", 75),
        "mobilenet_v2_feature_vector": module(applications.MobileNetV2, "mobilenet_v2", 64, alpha=0.35),
    }.items():
        at = lambda *names: os.path.join(folder, *names)
        size = model.input_shape[1]
        x = rng.uniform(0, 1, (2, size, size, 3)).astype("float32")
        spec = tf.TensorSpec([None, size, size, 3], tf.float32, name="inputs")
        serve = serving(model, spec)
        archive = keras.export.ExportArchive()
        archive.track(model)
        archive.add_endpoint("serve", serve)
        archive.write_out(at(name), verbose=False)
        predict = tensorflow_js.write(serve, spec, at(f"{name}_tfjs"))
        answer = serve(tf.constant(x))
        for form, y in (name, answer.numpy()), (f"{name}_tfjs", predict(x)):
            np.save(at(f"{form}.x.npy"), x)
            np.save(at(f"{form}.y.npy"), y)


main(sys.argv[1])
