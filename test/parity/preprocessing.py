"""What real Keras computes for preprocessing layers, as forwards.py does for all others.

    .cache/python/bin/python test/parity/preprocessing.py      writes preprocessing.json beside itself
"""

import json
import pathlib

import keras
import numpy as np
from forwards import case
from keras import layers

RANDOM = np.random.default_rng(21)


def cases():
    image = lambda: [RANDOM.integers(0, 256, (2, 5, 6, 3)).astype("float32")]
    yield layers.RandomCrop(3, 4, seed=1), image()
    yield layers.Solarization(0.2, 0.3), image()
    yield layers.Equalization(), image()
    yield layers.AutoContrast(), image()
    yield layers.ContrastLimitedAdaptiveHistogramEqualization(tile_grid_size=(2, 2)), image()
    yield layers.MaxNumBoundingBoxes(3), image()


def main():
    lines = ",\n".join(json.dumps(case(*one), separators=(",", ":")) for one in cases())
    text = '{"keras":"%s","cases":[\n%s\n]}\n' % (keras.__version__, lines)
    (pathlib.Path(__file__).parent / "preprocessing.json").write_text(text)


if __name__ == "__main__":
    main()
