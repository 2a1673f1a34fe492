"""Reads TensorBoard's event files back, as JSON: `eventFiles.py FOLDER`.

`tensorflow` is what TensorFlow's own reader finds, record by record; `tensorboard` what TensorBoard's finds after it has
left out what a resumed run wrote again, and `keras` the tags of Keras's own callback.
"""

import glob
import json
import os
import sys
import tempfile

import keras
import numpy
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator
from tensorboard.util import tensor_util
from tensorflow.python.summary.summary_iterator import summary_iterator


def number(value):
    return value if value == value else "NaN"


def by_tensorflow(folder):
    found = []
    for file in sorted(glob.glob(os.path.join(folder, "*"))):
        for event in summary_iterator(file):
            for value in event.summary.value:
                if value.HasField("simple_value"):
                    found.append([value.tag, event.step, number(value.simple_value)])
                else:
                    plugin = value.metadata.plugin_data.plugin_name
                    found.append([value.tag, event.step, plugin, value.tensor.string_val[0].decode()])
    return found


def by_tensorboard(folder):
    accumulator = EventAccumulator(folder, size_guidance={"tensors": 0})
    accumulator.Reload()
    found = []
    for tag in accumulator.Tags()["tensors"]:
        plugin = accumulator.SummaryMetadata(tag).plugin_data.plugin_name
        for event in accumulator.Tensors(tag):
            value = tensor_util.make_ndarray(event.tensor_proto).item()
            text = isinstance(value, (bytes, str))
            found.append([tag, event.step, plugin, value.decode() if text else number(value)])
    return found


def tags_of_keras():
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(2, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = numpy.ones((8, 2), "float32"), numpy.zeros(8, "int32")
    with tempfile.TemporaryDirectory() as folder:
        callback = keras.callbacks.TensorBoard(folder, update_freq=1, write_graph=False)
        model.fit(x, y, batch_size=4, epochs=2, validation_data=(x, y), verbose=0, callbacks=[callback])
        return {
            name: sorted({(tag, step) for tag, step, *_ in by_tensorboard(os.path.join(folder, name))})
            for name in ["train", "validation"]
        }


def main(folder):
    sides = {name: os.path.join(folder, name) for name in ["train", "validation"]}
    print(
        json.dumps(
            {
                "tensorflow": {name: by_tensorflow(path) for name, path in sides.items()},
                "tensorboard": {name: by_tensorboard(path) for name, path in sides.items()},
                "keras": tags_of_keras(),
            }
        )
    )


main(sys.argv[1])
