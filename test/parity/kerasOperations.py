"""Real Keras's part of kerasOperations.test.ts: a model for each operation of keras.ops, and layers shared by models.

    kerasOperations.py FOLDER    saves NAME.keras and, in NAME.json, inputs and what the model answers
"""

import json
import os
import sys

import keras
import numpy as np
from keras import layers, ops

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "fixtures", "keras1"))
from make import rng, told

OPERATIONS = {
    "index": lambda x: x[:, 1],
    "stretch": lambda x: x[:, ::2, -2:],
    "ellipsis": lambda x: x[..., 1:3],
    "backwards": lambda x: x[:, ::-1],
    "divide_numbers": lambda x: 2 / x - x / 4,
    "divide_tensors": lambda x: x / (x + 1),
    "floor_divide": lambda x: x // 0.3 + (x % 0.25),
    "power": lambda x: x**2.5 + x**x,
    "number_power": lambda x: 2**x,
    "clip": lambda x: ops.clip(x, 0.3, 0.6),
    "bounds": lambda x: ops.minimum(ops.maximum(x, 0.4), 0.7),
    "expand_dims": lambda x: ops.expand_dims(x, 1),
    "squeeze": lambda x: ops.squeeze(x[:, :1], 1),
    "reshape": lambda x: ops.reshape(x, (-1, 3, 8)),
    "reshape_all": lambda x: ops.reshape(x, (-1, 2)),
    "transpose": lambda x: ops.transpose(x, (0, 2, 1)),
    "flip": lambda x: ops.flip(x, axis=1) + ops.flip(x, axis=(1, -1)) + ops.flip(x),
    "repeat": lambda x: ops.repeat(ops.repeat(x, 2, axis=1), [0, 1, 2, 1, 0, 3], axis=-1),
    "roll": lambda x: ops.roll(x, 1, axis=1) + ops.roll(x, -8, axis=2),
    "swap_axes": lambda x: ops.swapaxes(x, 1, -1),
    "move_axis": lambda x: ops.moveaxis(ops.expand_dims(x, 3), (1, 2), (3, 1)),
    "take_one": lambda x: ops.take(x, 2, axis=-1) + ops.take(x, -1, axis=2),
    "new_axis": lambda x: x[:, None] + x[:, None, :, :],
    "new_last": lambda x: x[..., None] * x[:, :, :, None],
    "new_inside": lambda x: x[..., None, :],
    "transpose_batch": lambda x: ops.transpose(x, (1, 0, 2)),
    "mean": lambda x: ops.mean(x, axis=2, keepdims=True),
    "sum": lambda x: ops.sum(x, axis=(1, 2)) + ops.max(x, axis=(1, 2)),
    "least": lambda x: ops.min(x, axis=-1),
    "concatenate": lambda x: ops.concatenate([x, x * 2], axis=1),
    "stack": lambda x: ops.stack([x, x + 1], axis=1),
    "split": lambda x: ops.split(x, 2, axis=1)[1],
    "split_at": lambda x: ops.split(x, [1, 4], axis=2)[1],
    "pad": lambda x: ops.pad(x, ((0, 0), (1, 2), (0, 1))),
    "cast": lambda x: ops.cast(ops.cast(x * 9, "int32"), "float32"),
    "roots": lambda x: ops.sqrt(x) + ops.log(x) + ops.exp(x) + ops.rsqrt(x),
    "signs": lambda x: ops.abs(x - 0.5) * ops.sign(x - 0.4) + ops.square(x) + ops.floor(x * 5),
    "waves": lambda x: ops.sin(x) + ops.cos(x) + ops.log1p(x) + ops.expm1(x) + ops.erf(x),
    "matmul": lambda x: ops.matmul(x, ops.transpose(x, (0, 2, 1))),
    "einsum": lambda x: ops.einsum("abc,adc->abd", x, x),
    "activations": lambda x: ops.relu(x - 0.5) + ops.softmax(x) + ops.sigmoid(x) + ops.tanh(x) + ops.silu(x),
}


def operation(name):
    x = layers.Input((4, 6))
    return keras.Model(x, OPERATIONS[name](x))


def shared_between():
    """A layer and a model in two models."""
    shared = layers.Dense(4, name="shared")
    deep = keras.Sequential([layers.Input((4,)), layers.Dense(4, name="deep"), layers.BatchNormalization()], name="inner")

    def tower(name, units):
        x = layers.Input((4,))
        return keras.Model(x, layers.Dense(units, name=f"{name}_head")(deep(shared(x))), name=name)

    x = layers.Input((4,))
    one, two = tower("one", 4), tower("two", 3)
    return keras.Model(x, [two(one(x)), one(x)])


def twice():
    """A model of several inputs and outputs, called twice."""
    a, b = layers.Input((3,), name="a"), layers.Input((4,), name="b")
    x = layers.Dense(4, name="first")(a)
    inner = keras.Model([a, b], [layers.Add()([x, b]), layers.Dense(3, name="second")(b)], name="inner")
    c, d = layers.Input((3,), name="c"), layers.Input((4,), name="d")
    y, z = inner([c, d])
    return keras.Model([c, d], inner([z, y]))


def named():
    """Inputs and outputs in dictionaries, whose keys are not in their order."""
    z, a = layers.Input((3,), name="z"), layers.Input((4,), name="a")
    outputs = {"two": layers.Dense(2, name="two")(z), "one": layers.Dense(3, name="one")(layers.Concatenate()([z, a]))}
    return keras.Model({"z": z, "a": a}, outputs)


def structured():
    """Lists and dictionaries in each other."""
    a, b, c = (layers.Input((units,), name=name) for units, name in ((3, "a"), (4, "b"), (2, "c")))
    outputs = [layers.Dense(2)(c), (layers.Dense(4)(a), {"y": layers.Dense(1)(b), "x": layers.Dense(3)(a)})]
    return keras.Model([a, {"of_c": c, "of_b": b}], outputs)


def named_inside():
    """A model inside that takes a dictionary and gives one, called with its keys in either order."""
    q, p = layers.Input((3,), name="q"), layers.Input((4,), name="p")
    sums = layers.Add(name="r")([layers.Dense(4, name="first")(q), p])
    inner = keras.Model({"q": q, "p": p}, {"s": layers.Dense(3, name="s")(p), "r": sums}, name="inner")
    x, y = layers.Input((3,), name="x"), layers.Input((4,), name="y")
    once = inner({"q": x, "p": y})
    return keras.Model([x, y], inner({"p": once["r"], "q": once["s"]}))


STRUCTURED = (twice, named, structured, named_inside)


def main(folder):
    builds = {name: lambda name=name: operation(name) for name in OPERATIONS}
    builds.update({build.__name__: build for build in (shared_between, *STRUCTURED)})
    for name, build in builds.items():
        keras.utils.clear_session()
        model = build()
        model.set_weights([rng.uniform(0.1, 0.9, w.shape) for w in model.get_weights()])
        batch = [rng.uniform(0.1, 0.9, size=[2, *x.shape[1:]]).astype("float32") for x in model.inputs]
        fed = keras.tree.pack_sequence_as(model.input, batch)
        found = model(fed, training=False)
        outputs = [np.asarray(y) for y in keras.tree.flatten(found)]
        answers = {"parameters": model.count_params(), "inputs": list(map(told, batch)), "outputs": list(map(told, outputs))}
        model.save(os.path.join(folder, f"{name}.keras"))
        if build in STRUCTURED:
            model.save(os.path.join(folder, f"{name}.h5"))
        with open(os.path.join(folder, f"{name}.json"), "w") as file:
            json.dump(answers, file)
    print(json.dumps(list(builds)))


main(sys.argv[1])
