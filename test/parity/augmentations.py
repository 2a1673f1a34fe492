"""What real Keras makes of images with draws that are known: the cases are the table below.

    .cache/python/bin/python test/parity/augmentations.py make FOLDER     prints them and saves a model of all layers
    .cache/python/bin/python test/parity/augmentations.py answer FOLDER   loads what was written there again, and predicts

A case is a layer by its configuration, a batch of images, what the layer drew in the terms of our own transforms, and the
images that Keras made with these draws.
"""

import json
import pathlib
import sys

import keras
import numpy as np
import tensorflow as tf
from keras import layers

RANDOM = np.random.default_rng(7)


def images(count=3, height=9, width=12, channels=3):
    return RANDOM.integers(0, 256, (count, height, width, channels)).astype("float32")


def numbers(value):
    return np.asarray(value).tolist()


def flat(value):
    return numbers(np.reshape(value, [-1]))


FILLS = [
    {"fill_mode": mode, "interpolation": interpolation, "fill_value": 17.0}
    for mode in ("reflect", "constant", "wrap", "nearest")
    for interpolation in ("bilinear", "nearest")
]


def cases():
    """Each: a layer, its images, and a function from Keras's draws to ours."""
    for mode in ("horizontal", "vertical", "horizontal_and_vertical"):
        yield layers.RandomFlip(mode, seed=3), images(8), lambda t: flat(t["flips"])
    for fill in FILLS:
        yield layers.RandomRotation(0.3, seed=1, **fill), images(), lambda t: flat(t["angle"])
        yield layers.RandomTranslation(0.4, (-0.9, 0.3), seed=1, **fill), images(), lambda t: numbers(t["translations"])
        yield layers.RandomZoom(0.5, seed=1, **fill), images(), zooms
        yield layers.RandomShear(0.3, 0.4, seed=1, **fill), images(), lambda t: numbers(t["shear_factor"])
        yield layers.RandomElasticTransform(scale=0.8, seed=5, **fill), images(3, 24, 22), elastic
    yield layers.RandomZoom((-0.4, 0.7), (0.1, 0.5), seed=2), images(), zooms
    for interpolation in ("bilinear", "nearest"):
        yield layers.RandomPerspective(scale=0.7, interpolation=interpolation, fill_value=40.0, seed=2), images(6), (
            lambda t: {"chosen": flat(t["apply_perspective"]), "corners": numbers(t["end_points"])}
        )
    yield layers.RandomBrightness(0.4, seed=1), images(), lambda t: flat(t["rgb_delta"])
    yield layers.RandomContrast(0.6, seed=1), images(), lambda t: flat(t["contrast_factor"])
    for value_range in ((0, 255), (-1, 1)):
        scaled = lambda: images() / 255 * (value_range[1] - value_range[0]) + value_range[0]
        with_range = {"value_range": value_range, "seed": 1}
        yield layers.RandomHue(0.8, **with_range), scaled(), lambda t: flat(t["factor"])
        yield layers.RandomSaturation((0.3, 0.7), **with_range), scaled(), lambda t: flat(t["factor"])
        yield layers.RandomColorDegeneration(0.8, **with_range), scaled(), lambda t: flat(t["factor"])
        yield layers.RandomSharpness((0.2, 0.9), **with_range), scaled(), lambda t: flat(t["factor"])
        yield layers.RandomInvert(**with_range), scaled(), lambda t: flat(t["apply_inversion"])
        yield layers.RandomPosterization((2, 7), **with_range), scaled(), lambda t: flat(t["shift_factor"])
        yield layers.Solarization(0.2, (0.3, 0.8), **with_range), scaled(), solarization
        yield layers.RandomGaussianBlur(kernel_size=(3, 5), sigma=(0.3, 0.9), **with_range), scaled(), (
            lambda t: {"chosen": flat(t["should_apply_blur"]), "sigmas": flat(t["blur_factor"])}
        )
        yield layers.AutoContrast(value_range=value_range), scaled() * 0.7, None
        yield layers.Equalization(value_range=value_range), scaled(), None
        yield layers.ContrastLimitedAdaptiveHistogramEqualization(value_range, tile_grid_size=(3, 4)), scaled(), None
    yield layers.RandomColorDegeneration(0.8, seed=1), images(channels=1), lambda t: flat(t["factor"])
    yield layers.RandomGrayscale(seed=1), images(8), flat
    yield layers.AutoContrast(), np.concatenate([images(1), images(1) * 0 + 9]), None
    yield layers.Equalization(bins=50), images(2, 16, 16), None
    yield layers.ContrastLimitedAdaptiveHistogramEqualization(clip_limit=0.5), images(2, 19, 23), None
    yield layers.ContrastLimitedAdaptiveHistogramEqualization(clip_limit=0), images(1, 16, 16, 1), None
    yield layers.RandomErasing(scale=(0.1, 0.6), seed=2), images(6), noisy_erasing
    yield layers.RandomErasing(fill_value=[1, 2, 300], seed=3), images(), erasing
    yield layers.MixUp(0.4, seed=1), images(), (
        lambda t: {"order": flat(t["permutation_order"]), "weights": flat(t["mix_weight"])}
    )
    yield layers.CutMix(seed=1), images(), (
        lambda t: {"order": flat(t["permutation_order"]), "boxes": boxes(t["batch_masks"])}
    )
    yield layers.RandomCrop(5, 7, seed=1), images(), flat
    yield layers.RandomCrop(11, 7, seed=1), images(), flat
    yield layers.RandomRotation(0.3, seed=1, data_format="channels_first"), images(2, 3, 8, 7), lambda t: flat(t["angle"])


def zooms(t):
    return np.concatenate([t["width_zoom"], t["height_zoom"]], axis=1).tolist()


def solarization(t):
    return {"additions": flat(t["additions"]), "thresholds": flat(t["thresholds"])}


def elastic(t, shape):
    """Its noise is drawn where it is used, from a seed that is drawn there too: here it is made to be a known one."""
    seed = tf.constant([3, 4])
    t["seed"] = FixedSeed(seed)
    noise = tf.random.stateless_normal(shape[:3], seed=seed)
    return {
        "chosen": flat(t["apply_transform"]),
        "strength": float(t["distortion_factor"]),
        "noise": flat(np.stack([noise, noise])),
    }


class FixedSeed(keras.random.SeedGenerator):
    def __init__(self, seed):
        super().__init__(0)
        self.fixed = seed

    def next(self, ordered=True):
        return self.fixed


def boxes(masks):
    found = []
    for mask in np.asarray(masks)[..., 0]:
        rows, columns = np.nonzero(mask.any(1))[0], np.nonzero(mask.any(0))[0]
        edges = lambda at: (int(at[0]), int(at[-1]) + 1) if len(at) else (0, 0)
        (top, bottom), (left, right) = edges(rows), edges(columns)
        found.append({"left": left, "right": right, "top": top, "bottom": bottom})
    return found


def erasing(t):
    return {"chosen": flat(t["apply_erasing"]), "boxes": boxes(t["batch_masks"])}


def noisy_erasing(t):
    """Keras clips what it fills with while it draws, which changes nothing the second time."""
    return {**erasing(t), "noise": flat(t["fill_value"] / 255)}


def array(value):
    value = np.asarray(value, dtype="float32")
    return {"shape": list(value.shape), "data": flat(value)}


def case(layer, x, told):
    drawn = layer.get_random_transformation(tf.constant(x), training=True)
    wants_shape = told is not None and told.__code__.co_argcount == 2
    ours = None if told is None else told(drawn, x.shape) if wants_shape else told(drawn)
    output = layer.transform_images(tf.constant(x), drawn, training=True)
    config = {key: value for key, value in layer.get_config().items() if key not in ("name", "trainable", "dtype")}
    return {"kind": type(layer).__name__, "config": config, "input": array(x), "drawn": ours, "output": array(output)}


def every_layer():
    """Inference passes through all but the last two. A model of Equalization or MaxNumBoundingBoxes Keras itself cannot make:
    it takes a layer that hands on the very tensor that it was given for a cycle."""
    yield from (layers.RandomFlip(), layers.RandomRotation(0.1), layers.RandomTranslation(0.1, 0.2), layers.RandomZoom(0.1))
    yield from (layers.RandomPerspective(), layers.RandomElasticTransform(), layers.RandomContrast(0.3))
    yield from (layers.RandomBrightness(0.2), layers.RandomHue(0.2), layers.RandomSaturation(0.3), layers.RandomSharpness(0.3))
    yield from (layers.RandomColorDegeneration(0.3), layers.RandomGrayscale(), layers.RandomInvert(), layers.Solarization(0.1))
    yield from (layers.RandomPosterization(3), layers.RandomGaussianBlur(), layers.RandomErasing(), layers.MixUp(), layers.CutMix())
    yield from (layers.RandomColorJitter(hue_factor=0.1), layers.RandAugment(), layers.AugMix())
    yield from (layers.RandomCrop(16, 18), layers.AutoContrast())
    yield layers.ContrastLimitedAdaptiveHistogramEqualization()


def make(folder):
    x = inputs = keras.Input((16, 18, 3))
    for layer in every_layer():
        x = layer(x)
    batch = images(2, 16, 18)
    model = keras.Model(inputs, x)
    # To .h5 Keras cannot save them: it copies what they hold, modules too.
    model.save(folder / "every.keras")
    output = model.predict(batch, verbose=0)
    made = [case(*one) for one in cases()]
    print(json.dumps({"cases": made, "model": {"input": array(batch), "output": array(output)}}))


def answer(folder):
    batch = np.asarray(json.loads((folder / "input.json").read_text()), dtype="float32")
    answers = {}
    for path in sorted(folder.glob("again*")):
        answers[path.name] = array(keras.saving.load_model(path, compile=False).predict(batch, verbose=0))
    print(json.dumps(answers))


if __name__ == "__main__":
    {"make": make, "answer": answer}[sys.argv[1]](pathlib.Path(sys.argv[2]))
