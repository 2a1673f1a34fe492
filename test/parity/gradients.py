"""What real Keras computes as gradients of every kind of layer: of a random weighing of its outputs, by its inputs and by
each weight that is trained. The layers are those of forwards.py and preprocessing.py, and gradient_points.py has more.

    .cache/python/bin/python test/parity/gradients.py FILE      writes the cases as JSON
"""

import json
import os
import pathlib
import sys

# TensorFlow's plain kernels know neither channels that come first nor transposed convolutions that are dilated.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"

import numpy as np
import tensorflow as tf
from forwards import array, cases, held, is_idle, name_of, numbers, volumes
from gradient_operations import operations
from gradient_points import points
from keras import layers
from kind_forwards import kinds
from preprocessing import cases as preprocessing
from sequence_forwards import kind_of, place_of, sequences

WEIGHINGS = np.random.default_rng(22)

# What these draw in training is drawn otherwise here: their gradients are compared outside of it.
DRAWING = (
    "Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D AlphaDropout StochasticDepth GaussianDropout "
    "GaussianNoise Solarization MixUp CutMix RandAugment AugMix"
).split()


def draws(layer):
    name = type(layer).__name__
    return name in DRAWING or name.startswith("Random") or getattr(layer, "dropout", 0) > 0


def distinct(values):
    """On processors TensorFlow gives each of several largest numbers of a volume the whole gradient, on cards one of them."""
    return (WEIGHINGS.permutation(values.size).reshape(values.shape) / values.size).astype("float32")


def together(layer, inputs, masks):
    return layer(inputs if len(inputs) > 1 else inputs[0])


def weighed(compute, inputs, variables, losses=lambda: []):
    """The weighing of each output, and the gradients of the sum, losses included; nothing where no way leads there."""
    fed = [tf.constant(value) for value in inputs]
    with tf.GradientTape() as tape:
        tape.watch([value for value in fed if value.dtype.is_floating])
        outputs = compute(fed)
        outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        weighing = [np.round(WEIGHINGS.standard_normal(one.shape), 3).astype("float32") for one in outputs]
        total = sum(tf.reduce_sum(tf.cast(one, "float32") * by) for one, by in zip(outputs, weighing)) + sum(losses())
    found = tape.gradient(total, fed + variables)
    found = [None if one is None else array(tf.convert_to_tensor(one)) for one in found]
    return [array(by) for by in weighing], found[: len(fed)], found[len(fed) :]


def config_of(layer):
    config = layer.get_config()
    kept = {key: value for key, value in config.items() if key in ("merge_mode", "window") or not is_idle(key, value)}
    return {key: held(key, value) for key, value in kept.items()}


def case(layer, inputs, call=together, masks=(), assigned=True):
    inputs = [distinct(value) for value in inputs] if kind_of(layer).endswith("MaxPooling3D") else inputs
    call(layer, inputs, masks)
    for weight in layer.weights if assigned else []:
        values = numbers(*weight.shape)
        weight.assign(np.abs(values) + 0.5 if weight.name == "moving_variance" else values / 2)
    named = {place(weight, layer): weight for weight in layer.weights}
    weights = {name: array(weight) for name, weight in named.items()}
    trained = {name: weight for name, weight in named.items() if weight.trainable}
    training = not draws(layer)
    run = lambda fed: call(lambda *arguments, **more: layer(*arguments, training=training, **more), fed, masks)
    weighing, by_inputs, by_weights = weighed(
        run, inputs, [weight.value for weight in trained.values()], lambda: layer.losses
    )
    return {
        "kind": kind_of(layer),
        "config": config_of(layer),
        "training": training,
        "inputs": [array(value) for value in inputs],
        **({"masks": [None if mask is None else array(mask) for mask in masks]} if masks else {}),
        "weights": weights,
        "weighing": weighing,
        "byInput": by_inputs,
        "byWeight": dict(zip(trained, by_weights)),
    }


def place(weight, layer):
    path = place_of(weight, layer)
    return name_of(weight, layer) if path.startswith("variable") else path


def operation_case(kind, config, inputs, compute, weights):
    variables = {name: tf.Variable(value) for name, value in weights.items()}
    run = lambda fed: compute(*fed, **variables)
    weighing, by_inputs, by_weights = weighed(run, inputs, list(variables.values()))
    return {
        "kind": kind,
        "config": config,
        "training": True,
        "inputs": [array(value) for value in inputs],
        "weights": {name: array(value) for name, value in weights.items()},
        "weighing": weighing,
        "byInput": by_inputs,
        "byWeight": dict(zip(variables, by_weights)),
    }


def all_cases():
    for layer, inputs in [*cases(), *volumes(), *points(numbers)]:
        yield case(layer, inputs, assigned=not isinstance(layer, layers.Normalization))
    for layer, inputs in preprocessing():
        # Where waves cancel out, a logarithm has a slope that rounding decides.
        noise = isinstance(layer, layers.MelSpectrogram)
        yield case(layer, [numbers(2, 900)] if noise else inputs, assigned=False)
    for one in [*sequences(numbers), *kinds(numbers)]:
        # TensorFlow has no gradient of that resizing.
        if getattr(one[0], "interpolation", "") != "area":
            yield case(*one)
    for one in operations(numbers):
        yield operation_case(*one)


def main():
    pathlib.Path(sys.argv[1]).write_text(json.dumps(list(all_cases()), separators=(",", ":")))


if __name__ == "__main__":
    main()
