"""Trains a new head on a frozen MobileNetV2 with real Keras, as a script would, and says how long that took.

    featureCache.py make MODEL.h5              writes the model that both sides train
    featureCache.py fit MODEL.h5 IMAGES EPOCHS trains, and answers with a line of JSON: seconds
"""

import json
import sys
import time

began = time.perf_counter()
import keras

BATCH, SIZE, CLASSES = 16, 224, 5


def make(path):
    keras.utils.set_random_seed(7)
    backbone = keras.applications.MobileNetV2(
        input_shape=(SIZE, SIZE, 3), include_top=False, weights=None, pooling="avg"
    )
    scores = keras.layers.Dense(CLASSES, activation="softmax", name="predictions")(backbone.output)
    keras.Model(backbone.input, scores).save(path)


def fit(path, images, epochs):
    imported = time.perf_counter()
    model = keras.models.load_model(path, compile=False)
    for layer in model.layers:
        layer.trainable = layer.name == "predictions"
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    data = keras.utils.image_dataset_from_directory(
        images, image_size=(SIZE, SIZE), batch_size=BATCH, seed=42, verbose=False
    )
    # Decoded once, and ahead of the step.
    data = data.map(lambda x, y: (x / 127.5 - 1, y)).cache().prefetch(4)
    loaded = time.perf_counter()
    history = model.fit(data, epochs=int(epochs), verbose=0)
    ended = time.perf_counter()
    taken = {"import": imported - began, "load": loaded - imported, "fit": ended - loaded}
    print(json.dumps({**taken, "loss": history.history["loss"][-1]}))


what, *given = sys.argv[1:]
{"make": make, "fit": fit}[what](*given)
