"""Real Keras training the sample net: what the executor's losses are held against, step by step.

Starts from samples/digits-0-4.h5 and takes 20 steps on the images of samples/digits-5-9 in a fixed order, labels 0-4.
Dropout is set to a rate of zero, because two programs never draw the same numbers.

    .cache/python/bin/python test/parity/transcripts.py      writes transcripts.json beside itself
"""

import json
import pathlib

import keras
import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).parent
SAMPLES = HERE.parent.parent / "samples"
STEPS, BATCH = 20, 32

OPTIMIZERS = {
    "sgd": {"kind": "sgd", "learningRate": 0.01, "momentum": 0.9, "nesterov": True},
    "adam": {"kind": "adam", "learningRate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-07},
}


def optimizer(name):
    settings = OPTIMIZERS[name]
    if settings["kind"] == "sgd":
        return keras.optimizers.SGD(
            learning_rate=settings["learningRate"],
            momentum=settings["momentum"],
            nesterov=settings["nesterov"],
        )
    return keras.optimizers.Adam(
        learning_rate=settings["learningRate"],
        beta_1=settings["beta1"],
        beta_2=settings["beta2"],
        epsilon=settings["epsilon"],
    )


def batches():
    """Image i is of digit 5 + i % 5, the (i // 5)-th of its folder in the order of names."""
    folders = [sorted((SAMPLES / "digits-5-9" / str(digit)).iterdir()) for digit in range(5, 10)]
    for step in range(STEPS):
        indices = range(step * BATCH, (step + 1) * BATCH)
        images = [np.asarray(Image.open(folders[i % 5][i // 5]).convert("L")) for i in indices]
        pixels = np.stack(images).astype("float32")[..., None] / np.float32(255)
        yield pixels, np.array([i % 5 for i in indices], "int32")


def transcript(name, frozen_normalization, penalty):
    model = keras.models.load_model(SAMPLES / "digits-0-4.h5", compile=False)
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = not frozen_normalization
        if penalty and isinstance(layer, keras.layers.Dense):
            layer.kernel_regularizer = keras.regularizers.L2(penalty)
            layer.kernel.regularizer = layer.kernel_regularizer
    model.compile(optimizer(name), "sparse_categorical_crossentropy", metrics=["accuracy"])
    steps = []
    for x, y in batches():
        loss, accuracy = model.train_on_batch(x, y)
        steps.append({"loss": float(loss), "accuracy": float(accuracy)})
        model.reset_metrics()
    x, y = next(batches())
    loss, accuracy = model.test_on_batch(x, y)
    statistics = {
        layer.name: {
            "moving_mean": [float(value) for value in layer.moving_mean.numpy()],
            "moving_variance": [float(value) for value in layer.moving_variance.numpy()],
        }
        for layer in model.layers
        if isinstance(layer, keras.layers.BatchNormalization)
    }
    return {
        "optimizer": OPTIMIZERS[name],
        "frozenNormalization": frozen_normalization,
        "denseL2": penalty,
        "steps": steps,
        "evaluated": {"loss": float(loss), "accuracy": float(accuracy)},
        "statistics": statistics,
    }


def main():
    transcripts = {
        "sgd, all trainable": transcript("sgd", False, 0),
        "sgd, BatchNormalization frozen": transcript("sgd", True, 0),
        "adam, all trainable": transcript("adam", False, 0),
        "adam, BatchNormalization frozen": transcript("adam", True, 0),
        "adam, L2 on Dense": transcript("adam", False, 0.01),
    }
    document = {"keras": keras.__version__, "batch": BATCH, "transcripts": transcripts}
    (HERE / "transcripts.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
