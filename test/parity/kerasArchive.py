"""Real Keras's part of kerasArchive.test.ts.

    kerasArchive.py make FOLDER       saves models as .keras, as folders, and as folders with weights in several files,
                                      with their inputs and answers, and says what each holds
    kerasArchive.py load FOLDER       largest difference between each NAME-ours.keras's answers and NAME.keras's
    kerasArchive.py weights FOLDER    saves weights alone, in each layout, and half-precision and compressed ones
"""

import json
import os
import shutil
import sys

import h5py
import keras
import numpy as np
from keras import layers, ops


def block(name, prefix=""):
    x = image = layers.Input((8, 8, 3))
    x = layers.Conv2D(3, 3, padding="same", name=f"{prefix}conv")(x)
    return keras.Model(image, layers.BatchNormalization(name=f"{prefix}norm")(x), name=name)


def branches():
    image, table = layers.Input((8, 8, 3), name="image"), layers.Input((4,), name="table")
    x = layers.Conv2D(4, 3, name="first")(image)
    x = layers.BatchNormalization()(x)
    x = layers.Conv2D(4, 3, name="second")(x)
    x = layers.GlobalAveragePooling2D()(x)
    shared = keras.Sequential([layers.Input((4,)), layers.Dense(3), layers.Dense(3)], name="shared")
    return keras.Model([image, table], [layers.Add()([shared(x), shared(table)]), layers.Dense(2)(table)])


def sequential():
    return keras.Sequential(
        [
            layers.Input((9, 9, 2)),
            layers.SeparableConv2D(5, 3, strides=2),
            layers.DepthwiseConv2D(2),
            layers.PReLU(),
            layers.LayerNormalization(),
            layers.Conv2DTranspose(3, 2),
            layers.Flatten(),
            layers.Dense(4, activation="softmax"),
        ]
    )


def nested():
    image = layers.Input((8, 8, 3), name="image")
    one, two = block("one"), block("two")
    deep_inside = layers.Input((8, 8, 3))
    deep = keras.Model(deep_inside, block("inner", "a_")(block("other", "b_")(deep_inside)), name="deep")
    return keras.Model(image, [layers.Add()([one(image), two(one(image))]), deep(image)])


def stacked():
    return keras.Sequential(
        [layers.Input((8, 8, 3)), block("first"), block("second"), layers.Flatten(), layers.Dense(2)]
    )


def operations():
    a, b = layers.Input((6, 6, 4), name="a"), layers.Input((6, 6, 4), name="b")
    x = a * b + 1.5
    x = 2 - ops.maximum(x, b) / 3
    x = ops.relu(x) * ops.sigmoid(a - b) - ops.gelu(-a, approximate=False)
    x = ops.concatenate([x, ops.transpose(b, (0, 2, 1, 3))], axis=-1)
    y = ops.mean(x, axis=(1, 2))
    return keras.Model([a, b], [ops.softmax(y, axis=-1), ops.reshape(x, (-1, 12, 24))])


def recurrent():
    x = steps = layers.Input((5, 4), name="steps")
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    x = layers.TimeDistributed(layers.Dense(4))(x)
    x = layers.GRU(3, return_sequences=True)(x)
    x = layers.SimpleRNN(3)(x)
    return keras.Model(steps, layers.Dense(2)(x))


def attention():
    a, b = layers.Input((5, 4), name="a"), layers.Input((6, 3), name="b")
    x = layers.MultiHeadAttention(2, 3)(a, value=b)
    x, scores = layers.MultiHeadAttention(2, 3)(x, x, use_causal_mask=True, return_attention_scores=True)
    y = layers.GroupQueryAttention(3, 4, 2)(a, a)
    z = layers.Attention()([x, y], use_causal_mask=True)
    steps, state = layers.GRU(4, return_sequences=True, return_state=True)(z)
    return keras.Model([a, b], [layers.LSTM(4)(steps, initial_state=[state, state]), scores])


def adapted():
    x = table = layers.Input((3,), name="table")
    norm = layers.Normalization()
    norm.adapt(np.arange(12, dtype="float32").reshape(4, 3))
    return keras.Model(table, layers.Dense(2)(norm(x)))


def mobile():
    return keras.applications.MobileNetV2(input_shape=(64, 64, 3), alpha=0.35, weights=None, classes=7)


def trained():
    model = keras.Sequential([layers.Input((4,)), layers.Dense(3, "relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(np.ones((4, 4)), np.ones((4, 1)), verbose=0)
    return model


def keyed():
    """Inputs and outputs in dictionaries and lists, whose keys are not in their order."""
    z, a, m = (layers.Input((units,), name=name) for units, name in ((3, "z"), (4, "a"), (2, "m")))
    inside = keras.Model({"z": z, "a": a}, {"t": layers.Dense(3, name="t")(a), "s": layers.Dense(4, name="s")(z)}, name="inside")
    once = inside({"z": z, "a": a})
    twice = inside({"a": once["s"], "z": once["t"]})
    return keras.Model({"z": z, "more": [m, a]}, {"two": layers.Dense(2)(m), "one": [twice["t"], twice["s"]]})


MODELS = [branches, sequential, nested, stacked, operations, recurrent, attention, adapted, mobile, trained, keyed]


def inputs_of(model, rng):
    return [rng.normal(size=[2, *x.shape[1:]]).astype("float32") for x in model.inputs]


def structured(model, batch):
    """As the model wants to be called."""
    return batch[0] if isinstance(model, keras.Sequential) else keras.tree.pack_sequence_as(model.input, batch)


def answers(model, batch):
    found = model(structured(model, batch), training=False)
    return [np.asarray(y) for y in keras.tree.flatten(found)]


def make(folder):
    said = []
    for seed, build in enumerate(MODELS):
        keras.utils.clear_session()
        rng = np.random.default_rng(seed)
        model, name = build(), build.__name__
        if build not in (adapted, mobile):
            # Above zero, as variances are.
            model.set_weights([rng.uniform(0.1, 0.6, w.shape).astype(w.dtype) for w in model.get_weights()])
        path = os.path.join(folder, f"{name}.keras")
        model.save(path)
        model.save(os.path.join(folder, name), zipped=False)
        shards = os.path.join(folder, f"{name}-shards")
        os.makedirs(shards)
        for file in ("config.json", "metadata.json"):
            shutil.copy(os.path.join(folder, name, file), shards)
        # As small as one weight or one of the optimizer's numbers lets them be: layers are cut in two.
        largest = max([8, *(w.size * 4 for w in model.get_weights())])
        model.save_weights(os.path.join(shards, "model.weights.json"), max_shard_size=(largest + 1) / 2**30)
        batch = inputs_of(model, rng)
        found = {}
        for kind, arrays in (("inputs", batch), ("outputs", answers(model, batch))):
            found[kind] = []
            for index, array in enumerate(arrays):
                file = os.path.join(folder, f"{name}-{kind}-{index}.npy")
                np.save(file, array)
                found[kind].append({"path": file, "shape": list(array.shape)})
        said.append({"name": name, "path": path, "parameters": model.count_params(), **found})
    print(json.dumps(said))


def load(folder):
    said = {}
    for seed, build in enumerate(MODELS):
        name = build.__name__
        ours = os.path.join(folder, f"{name}-ours.keras")
        if not os.path.exists(ours):
            continue
        mine = keras.models.load_model(ours)
        original = keras.models.load_model(os.path.join(folder, f"{name}.keras"), compile=False)
        batch = inputs_of(original, np.random.default_rng(seed))
        pairs = list(zip(answers(mine, batch), answers(original, batch), strict=True))
        scale = max(float(np.abs(b).max()) for _, b in pairs)
        said[name] = {"difference": max(float(np.abs(a - b).max()) for a, b in pairs), "scale": scale}
    print(json.dumps(said))


def weights(folder):
    keras.utils.clear_session()
    model = branches()
    rng = np.random.default_rng(1)
    model.set_weights([rng.uniform(size=w.shape).astype("float32") for w in model.get_weights()])
    model.save_weights(os.path.join(folder, "new.weights.h5"))
    whole = os.path.join(folder, "whole.h5")
    model.save(whole)
    old = os.path.join(folder, "old-weights.h5")
    packed = os.path.join(folder, "packed.h5")
    with h5py.File(whole) as source, h5py.File(old, "w") as target, h5py.File(packed, "w") as small:
        group = source["model_weights"]
        for key, value in group.attrs.items():
            target.attrs[key] = value
        for key in group:
            group.copy(key, target)
        for key, value in source.attrs.items():
            small.attrs[key] = value
        copied = small.create_group("model_weights")
        for key, value in group.attrs.items():
            copied.attrs[key] = value

        def pack(name, item):
            if isinstance(item, h5py.Dataset):
                copied.create_dataset(
                    name,
                    data=item[...].astype("float16" if "kernel" in name else ">f8"),
                    chunks=tuple(max(1, size // 2) for size in item.shape),
                    compression="gzip",
                    shuffle=True,
                    fletcher32=True,
                )
            else:
                made = copied.require_group(name)
                for key, value in item.attrs.items():
                    made.attrs[key] = value

        group.visititems(pack)
    print(json.dumps({"parameters": model.count_params()}))


command, *arguments = sys.argv[1:]
{"make": make, "load": load, "weights": weights}[command](*arguments)
