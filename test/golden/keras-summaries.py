"""Writes what real Keras prints for `model.summary()`, to be compared with `printSummary`.

    COLUMNS=200 python test/golden/keras-summaries.py            rewrites test/golden/summaries/*.txt
    COLUMNS=200 python test/golden/keras-summaries.py --json     prints {name: model configuration} instead

Made with Keras 3.15.1 and rich 15.0.0. The wide terminal keeps rich from cropping the tables.
"""

import json
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ["COLUMNS"] = "200"

import keras
from keras import layers

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "summaries")


def small():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 3, name="a_convolution_with_a_name_longer_than_its_column"),
            layers.GlobalAveragePooling2D(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ],
        name="small",
    )


def branched():
    """A shared layer, two inputs, two outputs, an unknown size, a frozen layer."""
    left = keras.Input((None, 32, 3), name="left")
    right = keras.Input((None, 32, 3), name="right")
    shared = layers.Conv2D(4, 3, padding="same", name="shared")
    merged = layers.Concatenate(name="both")([shared(left), shared(right)])
    normal = layers.BatchNormalization(name="normal")(merged)
    pooled = layers.GlobalMaxPooling2D(name="pooled")(normal)
    model = keras.Model([left, right], [layers.Dense(2, name="two")(pooled), layers.Dense(1, name="one")(pooled)], name="branched")
    model.get_layer("normal").trainable = False
    return model


def backbone(make, size):
    return lambda: make(include_top=False, weights=None, input_shape=(size, size, 3))


MODELS = {
    "small": small,
    "branched": branched,
    "vgg16": backbone(keras.applications.VGG16, 224),
    "resnet50": backbone(keras.applications.ResNet50, 224),
    "inception_v3": backbone(keras.applications.InceptionV3, 299),
    "mobilenet_v2": backbone(keras.applications.MobileNetV2, 224),
}


WITH_TOP = {
    "vgg16_top": lambda: keras.applications.VGG16(weights=None),
    "resnet50_top": lambda: keras.applications.ResNet50(weights=None),
    "inception_v3_top": lambda: keras.applications.InceptionV3(weights=None),
    "mobilenet_v2_top": lambda: keras.applications.MobileNetV2(weights=None),
}


def build(name):
    keras.backend.clear_session()
    return (MODELS | WITH_TOP)[name]()


def write():
    os.makedirs(FOLDER, exist_ok=True)
    for name in MODELS:
        lines = []
        build(name).summary(print_fn=lines.append)
        with open(os.path.join(FOLDER, f"{name}.txt"), "w", encoding="utf-8") as file:
            file.write("".join(lines))
    lines = []
    build("branched").summary(print_fn=lines.append, line_length=61)
    with open(os.path.join(FOLDER, "branched-61.txt"), "w", encoding="utf-8") as file:
        file.write("".join(lines))


if __name__ == "__main__":
    if "--json" in sys.argv:
        print(json.dumps({name: json.loads(build(name).to_json()) for name in MODELS | WITH_TOP}))
    else:
        write()
