"""Images and weights that are made up, and yet have a network say of each image something else.

Weights drawn without a look at what they make would not do: signals die away or grow from layer to layer, and what is
left of a deep network is a constant, the biases of its last layers, that a wrong layer before them does not change. So
normalizations get the statistics of what really comes to them, each channel's a little off, as training leaves them.
"""

import numpy as np

# Each image is a mean of squares of these sizes: large ones, which poolings leave, and single pixels.
SQUARES = (32, 8, 1)


def images(rng, count, height, width, low, high):
    """`[count, height, width, 3]`, from low to high."""
    pixels = np.zeros((count, height, width, 3))
    for side in SQUARES:
        colours = rng.uniform(0, 1, (count, -(-height // side), -(-width // side), 3))
        pixels += colours.repeat(side, 1).repeat(side, 2)[:, :height, :width]
    return (low + (high - low) * pixels / len(SQUARES)).astype("float32")


def scale(rng, shape):
    """Of a normalization, or of what a block adds."""
    return rng.uniform(0.5, 1.0, shape).astype("float32")


def offset(rng, shape):
    return rng.normal(0, 0.1, shape).astype("float32")


def variance(rng, measured):
    """No channel's is near zero, where a rounding error would be magnified."""
    return ((measured + measured.mean()) / 2 * rng.uniform(0.7, 1.4, measured.shape)).astype("float32")


# Of what a block of ResNet or EfficientNet adds to what passes it by: a hundred convolutions that add as much as there is
# magnify rounding errors a few hundred times, and some draws a million times, more than trained ones do.
SMALL_SHARE = 0.3
