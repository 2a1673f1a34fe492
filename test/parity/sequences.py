"""Real Keras's part of sequences.test.ts: models of recurrent and attention layers.

    sequences.py make FOLDER             saves each as .h5 and .keras, with an input, its answer and a training transcript
    sequences.py answer FOLDER           prints what the models that we wrote there answer
"""

import json
import os
import sys

import keras
import numpy as np
from keras import layers

STEPS = 10
BATCH = 8


def classifier():
    return keras.Sequential(
        [
            layers.Input((9,), dtype="int32"),
            layers.Embedding(12, 5, mask_zero=True),
            layers.LSTM(6, name="lstm"),
            layers.Dense(3, activation="softmax"),
        ]
    )


def masks():
    ids = layers.Input((9,), name="ids")
    x = layers.Embedding(12, 5, mask_zero=True)(ids)
    x = layers.Dense(4)(x)
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    x = layers.Dropout(0.3)(x)
    last, state = layers.GRU(4, return_state=True)(x)
    again = layers.GRU(4, reset_after=False)(x, initial_state=state)
    mean = layers.GlobalAveragePooling1D()(x)
    return keras.Model(ids, [layers.Concatenate()([last, again, mean])])


def steps():
    x = signal = layers.Input((7, 4))
    x = layers.Masking(0.25)(x)
    x = layers.LSTM(5, return_sequences=True)(x)
    x = layers.TimeDistributed(layers.Dense(4, activation="relu"))(x)
    x = layers.Add()([x, layers.Masking(0.25)(signal)])
    x = layers.SimpleRNN(5, return_sequences=True, go_backwards=True)(x)
    a, b = layers.Bidirectional(layers.GRU(3), merge_mode=None)(layers.Reshape((7, 5))(x))
    return keras.Model(signal, [a, layers.Multiply()([a, b])])


def transformer():
    ids = layers.Input((9,), name="ids")
    x = layers.Embedding(12, 6)(ids)
    y = layers.MultiHeadAttention(2, 3, name="heads")(x, key=x, value=layers.Dense(5)(x), use_causal_mask=True)
    x = layers.LayerNormalization()(layers.Add()([x, y]))
    z, scores = layers.MultiHeadAttention(2, 4, use_bias=False)(query=x, value=x, return_attention_scores=True)
    z = layers.GroupQueryAttention(3, 4, 2)(z, x)
    return keras.Model(ids, [layers.GlobalAveragePooling1D()(z), layers.Flatten()(scores)])


def masked_heads():
    ids = layers.Input((9,), name="ids")
    x = layers.Embedding(12, 6, mask_zero=True)(ids)
    y = layers.MultiHeadAttention(2, 3)(x, x)
    return keras.Model(ids, layers.GlobalAveragePooling1D()(y))


def luong():
    query, value = layers.Input((6, 4)), layers.Input((5, 4))
    a = layers.Attention(use_scale=True)([query, value])
    b = layers.AdditiveAttention()([query, value, layers.Dense(4)(value)])
    c = layers.Attention(score_mode="concat")([query, value], use_causal_mask=True)
    return keras.Model([query, value], layers.Concatenate()([a, b, c]))


def frames():
    video = layers.Input((3, 8, 7, 2))
    x = layers.ConvLSTM2D(3, 3, padding="same", return_sequences=True)(video)
    x = layers.TimeDistributed(layers.Conv2D(2, 3, strides=2))(x)
    x = layers.TimeDistributed(layers.BatchNormalization())(x)
    x = layers.TimeDistributed(layers.Flatten())(x)
    x = layers.Bidirectional(
        layers.LSTM(3), backward_layer=layers.SimpleRNN(3, go_backwards=True), merge_mode="sum"
    )(x)
    return keras.Model(video, x)


MODELS = [classifier, masks, steps, transformer, masked_heads, luong, frames]


def array(values):
    values = np.asarray(values, "float32")
    return {"shape": list(values.shape), "data": [float("%.8g" % value) for value in values.flatten()]}


def input_for(tensor, rng):
    shape = [4, *tensor.shape[1:]]
    if len(shape) == 2:
        ids = rng.integers(1, 12, shape)
        ids[0, 5:] = 0
        ids[1, :2] = 0
        return ids.astype("float32")
    values = rng.standard_normal(shape).astype("float32")
    if shape[1] == 7:
        values[0, 4:] = values[1, 0] = 0.25
    return values


def answers(model, inputs):
    found = model(inputs if len(inputs) > 1 else inputs[0], training=False)
    return [array(one) for one in (found if isinstance(found, (list, tuple)) else [found])]


def transcript(model, optimizer, seed):
    # TensorFlow's gradient of a table is rows; Adam squares each before they are added up.
    model.layers[0].trainable = isinstance(optimizer, keras.optimizers.SGD)
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 12, (STEPS * BATCH, 9)).astype("float32")
    x[:, 0] = rng.integers(1, 12, STEPS * BATCH)
    y = (x.sum(axis=1) % 3).astype("int32")
    model.compile(optimizer, "sparse_categorical_crossentropy")
    losses = []
    for start in range(0, len(x), BATCH):
        model.reset_metrics()
        losses.append(float(model.train_on_batch(x[start : start + BATCH], y[start : start + BATCH])))
    return {"x": array(x), "y": y.tolist(), "losses": losses}


def make(folder):
    found = []
    for seed, build in enumerate(MODELS):
        keras.utils.clear_session()
        model = build()
        rng = np.random.default_rng(seed)
        weights = [rng.uniform(0.2, 0.8, w.shape) * rng.choice([-1, 1], w.shape) for w in model.get_weights()]
        model.set_weights([np.abs(w) if old.min() > 0 else w for w, old in zip(weights, model.get_weights())])
        for suffix in ("h5", "keras"):
            model.save(os.path.join(folder, f"{build.__name__}.{suffix}"))
        inputs = [input_for(tensor, rng) for tensor in model.inputs]
        found.append(
            {
                "name": build.__name__,
                "parameters": model.count_params(),
                "inputs": [array(one) for one in inputs],
                "outputs": answers(model, inputs),
            }
        )
    runs = {}
    for name, optimizer in (("adam", keras.optimizers.Adam(0.01)), ("sgd", keras.optimizers.SGD(0.1))):
        runs[name] = transcript(keras.models.load_model(os.path.join(folder, "classifier.h5")), optimizer, 5)
    print(json.dumps({"models": found, "runs": runs}))


def answer(folder):
    told = json.load(open(os.path.join(folder, "inputs.json"), encoding="utf-8"))
    found = {}
    for file, inputs in told.items():
        model = keras.models.load_model(os.path.join(folder, file), compile=False)
        found[file] = answers(model, [np.reshape(one["data"], one["shape"]).astype("float32") for one in inputs])
    print(json.dumps(found))


command, folder = sys.argv[1:]
{"make": make, "answer": answer}[command](folder)
