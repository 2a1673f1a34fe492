"""Layers for gradients.py at the points where a gradient is a matter of choice: kinks, and several largest numbers."""

import numpy as np
from keras import layers

ACTIVATIONS = (
    "relu relu6 elu selu softplus softsign silu gelu exponential hard_sigmoid leaky_relu mish log_softmax softmax sigmoid tanh "
    "celu hard_silu hard_tanh hard_shrink soft_shrink tanh_shrink log_sigmoid squareplus sparse_plus sparse_sigmoid"
).split()


def points(numbers):
    halves = lambda *shape: np.round(numbers(*shape) * 2).astype("float32") / 2
    rectified = lambda *shape: np.maximum(halves(*shape), 0)
    grid = lambda: [np.arange(-7, 7, 0.5, "float32").reshape(4, 7)]
    for activation in ACTIVATIONS:
        yield layers.Activation(activation), grid()
    yield layers.ReLU(), grid()
    yield layers.ReLU(max_value=6), grid()
    yield layers.ReLU(max_value=2, negative_slope=0.5, threshold=0.5), grid()
    yield layers.LeakyReLU(negative_slope=0.1), grid()
    yield layers.ELU(alpha=0.3), grid()
    yield layers.PReLU(), grid()
    yield layers.GlobalMaxPooling3D(), [rectified(2, 4, 5, 3, 2)]
    for rank, shape in ((1, (2, 7, 3)), (2, (2, 5, 6, 3))):
        of = lambda name: getattr(layers, f"{name}{rank}D")
        yield of("GlobalMaxPooling")(), [rectified(*shape)]
        yield of("AdaptiveMaxPooling")(2), [rectified(*shape)]
        for padding in ("valid", "same"):
            yield of("MaxPooling")(3, strides=2, padding=padding), [rectified(*shape)]
    yield layers.Conv2D(3, 3, activation="relu"), [np.zeros((2, 5, 6, 3), "float32")]
    yield layers.Maximum(), [rectified(3, 4), rectified(3, 4), rectified(3, 4)]
    yield layers.Minimum(), [rectified(3, 4), rectified(3, 4), rectified(3, 1)]
    yield layers.UnitNormalization(), [rectified(4, 2)]
    yield layers.Dot(-1, normalize=True), [rectified(6, 2), rectified(6, 2)]
    constant = np.ones((2, 5, 6, 3), "float32")
    yield layers.BatchNormalization(), [constant]
    yield layers.BatchNormalization(scale=False, center=False, epsilon=1e-2), [halves(2, 5, 6, 3)]
    yield layers.LayerNormalization(), [constant]
    yield layers.LayerNormalization(axis=[1, 3]), [halves(2, 5, 6, 3)]
    yield layers.GroupNormalization(3), [constant]
    yield layers.RMSNormalization(), [np.zeros((3, 4), "float32")]
    yield layers.ActivityRegularization(l1=0.1, l2=0.2), grid()
    yield layers.Dense(4, activity_regularizer="l1"), [numbers(3, 4)]
    yield layers.Embedding(7, 3), [np.array([[1, 1, 1], [1, 6, 6]], "float32")]
    yield layers.Dense(4, use_bias=False, activation="relu"), [np.zeros((3, 4), "float32")]
