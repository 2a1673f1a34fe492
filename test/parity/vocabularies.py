"""A model of layers that look up, cut and hash, adapted and not, saved by real Keras.

    .cache/python/bin/python test/parity/vocabularies.py make FOLDER      saves it, prints what it puts out
    .cache/python/bin/python test/parity/vocabularies.py answer FOLDER    prints what the model written again puts out
"""

import json
import pathlib
import sys

import keras
import numpy as np
import tensorflow as tf
from keras import layers

WHOLE = np.array([[3, 5, 9], [4, 5, 7]], dtype="int64")
REAL = np.array([[0.1, 0.5], [0.9, -2.0]], dtype="float32")
TEXT = tf.constant([["b a"], ["c"]])


def make(folder):
    whole, real, text = keras.Input((3,), dtype="int64"), keras.Input((2,)), keras.Input((1,), dtype="string")
    learned = layers.IntegerLookup(num_oov_indices=2)
    learned.adapt(np.array([[5, 5, 9, 4]]))
    marked = layers.IntegerLookup(output_mode="multi_hot")
    marked.adapt(np.array([[5, 5, 9, 4]]))
    bins = layers.Discretization(num_bins=3)
    bins.adapt(np.linspace(-1, 1, 30))
    words = layers.TextVectorization(output_sequence_length=4)
    words.adapt(np.array(["a b a", "b d a"]))
    names = layers.StringLookup()
    names.adapt(np.array([["c", "b a"]]))
    numbers = [learned(whole), marked(whole), layers.Hashing(50)(whole), bins(real), layers.CategoryEncoding(9)(whole)]
    keras.Model([whole, real], numbers).save(folder / "numbers.keras")
    keras.Model(text, [words(text), names(text)]).save(folder / "texts.keras")
    answer(folder, "")


def answer(folder, prefix="again-"):
    load = lambda name: keras.saving.load_model(folder / f"{prefix}{name}.keras", compile=False)
    outputs = load("numbers")([WHOLE, REAL]) + load("texts")(TEXT)
    print(json.dumps([np.asarray(output).astype("float64").tolist() for output in outputs]))


if __name__ == "__main__":
    {"make": make, "answer": answer}[sys.argv[1]](pathlib.Path(sys.argv[2]))
