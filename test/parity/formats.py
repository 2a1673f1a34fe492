"""Real Keras's part of formats.test.ts.

    formats.py applications FOLDER      saves the large architectures, random weights, and says what each holds
    formats.py nested FOLDER            saves models whose nesting Keras numbers in its own ways, with their answers
    formats.py compare OURS THEIRS [L]  largest difference between two files' answers; L: THEIRS is cut after layer L
"""

import json
import os
import sys

import keras
import numpy as np
from keras import layers

SMALL = {"ResNet50": 64, "InceptionV3": 96, "VGG16": 32, "MobileNetV2": 64}


def fill(model, seed=0):
    """Random statistics too, so that a weight in another's place shows."""
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.set_weights([rng.uniform(0.5, 1.5, w.shape).astype("float32") for w in layer.get_weights()])


def applications(folder):
    found = []
    for name, size in SMALL.items():
        for top in (False, True):
            keras.utils.clear_session()
            model = getattr(keras.applications, name)(
                weights=None, include_top=top, input_shape=(size, size, 3)
            )
            fill(model)
            path = os.path.join(folder, f"{name}-{'top' if top else 'notop'}.h5")
            if not os.path.exists(path):
                model.save(path)
            names = [layer.name for layer in model.layers]
            shapes = {layer.name: list(layer.output.shape) for layer in model.layers}
            found.append(
                {"path": path, "parameters": model.count_params(), "layers": names, "shapes": shapes}
            )
    print(json.dumps(found))


def block(name, prefix=""):
    x = image = layers.Input((8, 8, 3))
    x = layers.Conv2D(3, 3, padding="same", name=f"{prefix}conv")(x)
    return keras.Model(image, layers.BatchNormalization(name=f"{prefix}norm")(x), name=name)


def nested(folder):
    image = layers.Input((8, 8, 3), name="image")
    model_last = keras.Model(image, block("one")(image))

    twice = block("one")
    shared_last = keras.Model(image, twice(twice(image)))

    one, two = block("one"), block("two")
    same_names = keras.Model(image, layers.Add()([one(image), two(image)]))

    deep_inside = layers.Input((8, 8, 3))
    deep = keras.Model(deep_inside, block("inner", "a_")(block("other", "b_")(deep_inside)), name="deep")
    stack = keras.Sequential([layers.Input((8, 8, 3)), deep, layers.Flatten(), layers.Dense(2, name="last")])

    sequential_last = keras.Model(
        image, keras.Sequential([layers.Conv2D(2, 3, name="conv"), layers.ReLU()], name="tail")(image)
    )
    frozen_parts = block("one")
    frozen_parts.get_layer("conv").trainable = False
    part_frozen = keras.Model(image, frozen_parts(image))

    found = []
    models = {
        "model_last": model_last,
        "shared_last": shared_last,
        "same_names": same_names,
        "stack": stack,
        "sequential_last": sequential_last,
        "part_frozen": part_frozen,
    }
    for seed, (name, model) in enumerate(models.items()):
        rng = np.random.default_rng(seed)
        model.set_weights([rng.uniform(0.2, 1.0, w.shape).astype("float32") for w in model.get_weights()])
        path = os.path.join(folder, f"nested-{name}.h5")
        model.save(path)
        found.append({"path": path, "parameters": model.count_params()})
    print(json.dumps(found))


def compare(ours, theirs, cut=None):
    mine = keras.models.load_model(ours, compile=False)
    original = keras.models.load_model(theirs, compile=False)
    if cut:
        original = keras.Model(original.inputs, original.get_layer(cut).output)
    rng = np.random.default_rng(3)
    batch = [rng.random([2, *x.shape[1:]], dtype="float32") for x in original.inputs]
    batch = batch[0] if len(batch) == 1 else batch

    def answers(model):
        found = model(batch, training=False)
        return [np.asarray(y) for y in (found if isinstance(found, (list, tuple)) else [found])]

    pairs = list(zip(answers(mine), answers(original), strict=True))
    scale = max(float(np.abs(b).max()) for _, b in pairs)
    difference = max(float(np.abs(a - b).max()) for a, b in pairs)
    print(
        json.dumps(
            {
                "difference": difference,
                "scale": scale,
                "layers": [layer.name for layer in mine.layers],
                "trainable": len(mine.trainable_weights),
            }
        )
    )


command, *arguments = sys.argv[1:]
{"applications": applications, "nested": nested, "compare": compare}[command](*arguments)
