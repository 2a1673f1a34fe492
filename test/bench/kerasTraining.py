"""Trains MobileNetV2 with real Keras, a few steps for each line that it reads, and says how long each took.

    kerasTraining.py make MODEL.keras      writes the model that both sides train
    kerasTraining.py all|head MODEL.keras  reads numbers of steps, a line each; answers each with a line of JSON
"""

import json
import resource
import sys
import time

import keras
import numpy as np

BATCH, SIZE, CLASSES = 16, 224, 5


def make(path):
    keras.utils.set_random_seed(7)
    backbone = keras.applications.MobileNetV2(
        input_shape=(SIZE, SIZE, 3), include_top=False, weights=None, pooling="avg"
    )
    scores = keras.layers.Dense(CLASSES, activation="softmax", name="predictions")(backbone.output)
    keras.Model(backbone.input, scores).save(path)


class StepTimes(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.ms = []
        self.processor_ms = []

    def on_train_batch_begin(self, batch, logs=None):
        self.began, self.used = time.perf_counter(), time.process_time()

    def on_train_batch_end(self, batch, logs=None):
        self.ms.append((time.perf_counter() - self.began) * 1000)
        self.processor_ms.append((time.process_time() - self.used) * 1000)


def serve(what, path):
    model = keras.models.load_model(path, compile=False)
    for layer in model.layers:
        layer.trainable = what == "all" or layer.name == "predictions"
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    # As the other side makes them.
    index = np.arange(BATCH * SIZE * SIZE * 3, dtype=np.int64)
    images = ((index * 7919 % 2003).astype(np.float32) / 1001.5 - 1).reshape(BATCH, SIZE, SIZE, 3)
    labels = np.arange(BATCH) % CLASSES
    for line in sys.stdin:
        steps, times = int(line), StepTimes()
        history = model.fit(
            images,
            labels,
            batch_size=BATCH,
            epochs=steps,
            shuffle=False,
            verbose=0,
            callbacks=[times],
        )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        loss = history.history["loss"][-1]
        taken = {"ms": times.ms, "processorMs": times.processor_ms, "peakBytes": peak, "loss": loss}
        print(json.dumps(taken), flush=True)


what, path = sys.argv[1:]
if what == "make":
    make(path)
else:
    serve(what, path)
