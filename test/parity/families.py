"""Real Keras's part of families.test.ts: a classifier of each family of layers in families.json.

    families.py make FOLDER       saves each as .h5 and .keras; prints an input, its answer, and steps of training
    families.py answer FOLDER     prints what the models that we wrote there answer
"""

import json
import os
import pathlib
import sys

import keras
import numpy as np
from keras import layers

TABLE = json.loads((pathlib.Path(__file__).parent / "families.json").read_text())
CLASSES = 3
BATCH = 4
STEPS = 3


def head(x):
    x = layers.Flatten()(x) if len(x.shape) > 2 else x
    return layers.Dense(CLASSES, activation="softmax", name="scores")(x)


def adaptive_pools(image=(9, 7, 3)):
    x = pixels = layers.Input(image)
    x = layers.Resizing(8, 10, "area")(x)
    x = layers.Conv2D(4, 3, padding="same")(x)
    a = layers.AdaptiveAveragePooling2D((3, 4))(x)
    b = layers.AdaptiveMaxPooling2D((3, 4))(x)
    x = layers.Add()([a, b])
    rows = layers.Reshape((12, 4))(x)
    c, d = layers.AdaptiveMaxPooling1D(5)(rows), layers.AdaptiveAveragePooling1D(5)(rows)
    volume = layers.Reshape((3, 4, 2, 2))(x)
    e, f = layers.AdaptiveMaxPooling3D(2)(volume), layers.AdaptiveAveragePooling3D(2)(volume)
    return pixels, layers.Concatenate()([layers.Flatten()(one) for one in (c, d, e, f)])


def einsums():
    x = signal = layers.Input((5, 4))
    x = layers.EinsumDense("abc,cd->abd", (5, 6), bias_axes="d", activation="tanh")(x)
    x = layers.EinsumDense("...c,cde->...de", (2, 3), bias_axes="e")(x)
    x = layers.EinsumDense("abde,bdf->afe", (4, 3), bias_axes="fe")(x)
    return signal, x


def spectral():
    x = pixels = layers.Input((6, 6, 2))
    x = layers.SpectralNormalization(layers.Conv2D(4, 3, activation="relu"), power_iterations=2, name="conv")(x)
    x = layers.Flatten()(x)
    x = layers.SpectralNormalization(layers.Dense(5, activation="tanh"), name="dense")(x)
    return pixels, x


def cells():
    x = signal = layers.Input((6, 4))
    stack = layers.StackedRNNCells([layers.LSTMCell(3), layers.LSTMCell(4), layers.GRUCell(3)])
    x = layers.RNN(stack, return_sequences=True, name="stack")(x)
    x = layers.RNN(layers.GRUCell(4), return_sequences=True, go_backwards=True, name="alone")(x)
    x, state = layers.RNN(layers.SimpleRNNCell(3), return_state=True, name="last")(x)
    return signal, layers.Concatenate()([x, state])


def clips():
    x = video = layers.Input((2, 4, 4, 5, 2))
    x = layers.ConvLSTM3D(3, 2, name="clips")(x)
    return video, x


def dilations():
    x = pixels = layers.Input((5, 4, 3))
    x = layers.Conv2DTranspose(3, (3, 2), strides=(2, 1), name="spread")(x)
    x = layers.Conv2D(3, 2, dilation_rate=2, name="sparse")(x)
    x = layers.DepthwiseConv2D(2, dilation_rate=2, name="deep")(x)
    return pixels, x


def normalizations():
    x = pixels = layers.Input((4, 5, 4))
    x = layers.BatchNormalization()(x)
    x = layers.GroupNormalization(2)(x)
    x = layers.LayerNormalization(axis=[1, 2])(x)
    x = layers.RMSNormalization()(x)
    return pixels, layers.UnitNormalization()(x)


def volumes():
    x = volume = layers.Input((5, 6, 4, 2))
    x = layers.Conv3D(4, 2, strides=(1, 2, 1), activation="relu")(x)
    x = layers.MaxPooling3D((2, 1, 2), padding="same")(x)
    x = layers.Conv3DTranspose(3, 2, strides=2)(x)
    return volume, layers.AveragePooling3D(2)(x)


def signals():
    x = signal = layers.Input((9, 4))
    x = layers.Conv1D(4, 3, padding="causal", dilation_rate=2)(x)
    x = layers.SeparableConv1D(5, 2)(x)
    x = layers.DepthwiseConv1D(2, depth_multiplier=2)(x)
    x = layers.Conv1DTranspose(3, 3, strides=2)(x)
    return signal, layers.PReLU(shared_axes=[1])(x)


def activations():
    x = vector = layers.Input((6,))
    x = layers.Dense(8, activation="sparsemax", name="sparse")(x)
    x = layers.Dense(8, activation="hard_sigmoid", name="hard")(x)
    x = layers.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.2)(layers.Dense(6, name="before")(x))
    return vector, layers.ELU(alpha=0.7)(layers.LeakyReLU(negative_slope=0.2)(x))


def attentions():
    x = signal = layers.Input((5, 6))
    a = layers.MultiHeadAttention(2, 3, name="heads")(x, x)
    b = layers.GroupQueryAttention(3, 4, 2, name="groups")(x, a)
    c = layers.Attention(use_scale=True, name="luong")([x, b])
    d = layers.AdditiveAttention(name="bahdanau")([c, a])
    return signal, d


def array(values):
    values = np.asarray(values, "float32")
    return {"shape": list(values.shape), "data": [float("%.8g" % value) for value in values.flatten()]}


def trained(model, rng):
    """The losses of some steps, and every weight after them, by layer in Keras's order."""
    model.compile(keras.optimizers.SGD(0.2), "sparse_categorical_crossentropy")
    batches = []
    for _ in range(STEPS):
        x = rng.standard_normal((BATCH, *model.inputs[0].shape[1:])).astype("float32")
        y = rng.integers(0, CLASSES, BATCH)
        loss = float(model.train_on_batch(x, y))
        model.reset_metrics()
        batches.append({"x": array(x), "y": y.tolist(), "loss": loss})
    weights = {layer.name: [array(weight) for weight in layer.weights] for layer in model.layers if layer.weights}
    return {"batches": batches, "weights": weights}


def make(folder):
    found = []
    for seed, row in enumerate(TABLE):
        keras.utils.clear_session()
        inputs, x = globals()[row["case"]]()
        model = keras.Model(inputs, head(x))
        rng = np.random.default_rng(seed)
        for weight in model.weights:
            values = rng.uniform(0.2, 0.6, weight.shape)
            weight.assign(values if "moving_variance" in weight.name else values * rng.choice([-1, 1], weight.shape))
        for suffix in row["formats"]:
            model.save(os.path.join(folder, f"{row['case']}.{suffix}"))
        x = rng.standard_normal((BATCH, *model.inputs[0].shape[1:])).astype("float32")
        answer = array(model(x, training=False))
        found.append({"parameters": model.count_params(), "x": array(x), "y": answer, "run": trained(model, rng)})
    print(json.dumps(found))


def answer(folder):
    told = json.load(open(os.path.join(folder, "inputs.json"), encoding="utf-8"))
    found = {}
    for file, x in told.items():
        model = keras.models.load_model(os.path.join(folder, file), compile=False)
        found[file] = array(model(np.reshape(x["data"], x["shape"]).astype("float32"), training=False))
    print(json.dumps(found))


command, folder = sys.argv[1:]
{"make": make, "answer": answer}[command](folder)
