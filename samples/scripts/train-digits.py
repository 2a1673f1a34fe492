"""Trains samples/digits-0-4.h5: a small conv net with BatchNormalization on MNIST's digits 0-4, in real Keras.

    node samples/scripts/make-digits.mjs && KERAS_BACKEND=tensorflow python samples/scripts/train-digits.py

The first half of Keras's classic transfer experiment: learn 0-4, then fine-tune a new head on 5-9.
"""

from pathlib import Path

import keras
import numpy as np
from keras import layers

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "digits"


def load(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Images in 0..1, (n, 28, 28, 1) float32, and their digits, (n,)."""
    rows = np.fromfile(CACHE / name, dtype=np.uint8).reshape(-1, 785)
    return rows[:, 1:].reshape(-1, 28, 28, 1).astype("float32") / 255, rows[:, 0].astype("int32")


def conv(x, filters: int, name: str, strides: int = 1):
    x = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False, name=f"{name}_conv")(x)
    x = layers.BatchNormalization(momentum=0.9, name=f"{name}_bn")(x)
    return layers.ReLU(name=f"{name}_relu")(x)


keras.utils.set_random_seed(42)
x_train, y_train = load("train.bin")
x_test, y_test = load("heldout.bin")

inputs = keras.Input((28, 28, 1), name="digit")
x = conv(inputs, 16, "block1a")
x = conv(x, 16, "block1b", strides=2)
x = layers.DepthwiseConv2D(3, padding="same", use_bias=False, name="block2_depthwise")(x)
x = layers.BatchNormalization(momentum=0.9, name="block2_depthwise_bn")(x)
x = layers.ReLU(6.0, name="block2_depthwise_relu")(x)
x = conv(x, 32, "block2", strides=2)
x = layers.Flatten(name="flatten")(x)
x = layers.Dense(64, activation="relu", name="hidden")(x)
x = layers.Dropout(0.3, name="dropout")(x)
outputs = layers.Dense(5, activation="softmax", name="predictions")(x)
model = keras.Model(inputs, outputs, name="digits_0_4")
model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=64, epochs=10, validation_data=(x_test, y_test), verbose=2)

loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"held-out accuracy on digits 0-4: {accuracy:.4f} ({len(y_test)} images)")
assert accuracy >= 0.97, "the sample must be a good classifier of 0-4"

# Without the optimizer's state: the file is for fine-tuning, and half the size.
model.compile()
keras.saving.save_model(model, ROOT / "samples" / "digits-0-4.h5", include_optimizer=False)
