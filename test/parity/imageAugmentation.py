"""What Keras's layers, and PIL, make of an image by given draws.

    imageAugmentation.py FOLDER

reads image.npy (height, width, 3) and cases.json ([[change, value], …]), writes answers.npy, an image a case.
"""

import json
import os
import sys

import keras
import numpy as np
from PIL import Image

os.chdir(sys.argv[1])
layers = keras.layers


def exactly(value):
    """A range of one number: what a layer draws from it is known."""
    return (value, value)


def crop(image, value):
    height, width = image.shape[:2]
    kept, right, down = value
    left, top = right * (1 - kept) * width, down * (1 - kept) * height
    box = (left, top, left + kept * width, top + kept * height)
    # Numbers with fractions, a plane at a time: PIL rounds those of whole ones.
    planes = [Image.fromarray(image[..., channel]).resize((width, height), Image.BILINEAR, box=box) for channel in range(3)]
    return np.stack([np.asarray(plane) for plane in planes], axis=-1)


def run(change, value, image):
    def by(layer):
        return np.asarray(layer(image[None], training=True))[0]

    if change == "flip":
        return image[:: -1 if value[1] else 1, :: -1 if value[0] else 1]
    if change == "crop":
        return crop(image, value)
    if change == "rotate":
        return by(layers.RandomRotation(exactly(value)))
    if change == "zoom":
        return by(layers.RandomZoom(exactly(value - 1)))
    if change == "shift":
        return by(layers.RandomTranslation(exactly(value[1]), exactly(value[0])))
    if change == "brightness":
        return by(layers.RandomBrightness(exactly(value)))
    if change == "contrast":
        given = {"contrast_factor": np.full((1, 1, 1, 1), value, "float32")}
        return np.asarray(layers.RandomContrast(0.5).transform_images(image[None], given))[0]
    # A whole draw: the matrix is made of its parts here too, of points in homogeneous coordinates.
    height, width = image.shape[:2]
    x, y = (width - 1) / 2, (height - 1) / 2
    angle = 2 * np.pi * value["rotate"]
    kept, right, down = value["crop"]
    shift = value["shift"]
    moved = lambda right, down: np.array([[1, 0, right], [0, 1, down], [0, 0, 1]])
    scaled = lambda wide, tall: np.diag([wide, tall, 1])
    turned = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    centred = moved(x, y)
    about = lambda matrix: centred @ matrix @ np.linalg.inv(centred)
    # From the half of a pixel outside the first: an edge is where pixels end.
    window = moved(-0.5 + right * (1 - kept) * width, -0.5 + down * (1 - kept) * height) @ scaled(kept, kept) @ moved(0.5, 0.5)
    flips = scaled(*(-1 if flipped else 1 for flipped in value["flip"]))
    matrix = about(flips) @ window @ about(turned) @ about(scaled(value["zoom"], value["zoom"])) @ moved(-shift[0] * width, -shift[1] * height)
    transform = (matrix / matrix[2, 2]).flatten()[:8].astype("float32")
    bent = keras.ops.image.affine_transform(image[None], transform[None], "bilinear", "reflect")
    return np.asarray(bent)[0]


image = np.load("image.npy")
with open("cases.json", encoding="utf-8") as file:
    cases = json.load(file)
np.save("answers.npy", np.stack([run(*case, image) for case in cases]).astype("float32"))
