"""A model of real Keras, samples, and what Keras measures of them: evaluation.py FOLDER"""

import json
import os
import sys

import keras
import numpy as np

(_, folder) = sys.argv
keras.utils.set_random_seed(11)
CLASSES, SAMPLES = 4, 50

model = keras.Sequential(
    [
        keras.Input((6, 6, 2)),
        keras.layers.Conv2D(5, 3, kernel_regularizer="l2", trainable=False),
        keras.layers.BatchNormalization(),
        keras.layers.ReLU(),
        keras.layers.Dropout(0.5),
        keras.layers.Flatten(),
        keras.layers.Dense(CLASSES, activation="softmax", kernel_regularizer="l2"),
    ]
)
model.compile(
    loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
    metrics=["accuracy", keras.metrics.TopKCategoricalAccuracy(2, name="top2"), keras.metrics.AUC(name="auc")],
)
x = np.random.default_rng(3).normal(size=(SAMPLES, 6, 6, 2)).astype("float32")
y = np.arange(SAMPLES) ** 2 % CLASSES
measured = model.evaluate(x, keras.utils.to_categorical(y, CLASSES), batch_size=8, verbose=0, return_dict=True)
confusion = np.zeros((CLASSES, CLASSES), int)
np.add.at(confusion, (y, model.predict(x, verbose=0).argmax(1)), 1)
model.save(os.path.join(folder, "model.h5"))
np.save(os.path.join(folder, "x.npy"), x)
np.save(os.path.join(folder, "y.npy"), y)
print(json.dumps({"metrics": measured, "confusion": confusion.tolist()}))
