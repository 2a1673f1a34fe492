"""More kinds for forwards.py, in the form of sequence_forwards.py: each with its inputs, how it is called with them, and masks."""

import numpy as np
from keras import layers

from sequence_forwards import alone, stepwise


def kinds(numbers):
    for case in plain(numbers):
        yield *case, alone, []
    yield from recurrent(numbers)


def plain(numbers):
    image = lambda: [numbers(2, 5, 6, 3)]
    signal = lambda: [numbers(2, 7, 3)]
    volume = lambda: [numbers(2, 4, 5, 3, 2)]
    for what in ("Max", "Average"):
        pool = lambda rank, *arguments, **more: getattr(layers, f"Adaptive{what}Pooling{rank}D")(*arguments, **more)
        yield pool(1, 3), signal()
        yield pool(1, 9), signal()
        yield pool(2, (2, 4)), image()
        yield pool(2, (3, 3), data_format="channels_first"), image()
        yield pool(2, (5, 2)), image()
        yield pool(3, (2, 3, 2)), volume()
    yield layers.EinsumDense("abc,cd->abd", (None, 4), bias_axes="d"), signal()
    yield layers.EinsumDense("...c,cd->...d", 4, bias_axes="d", activation="tanh"), image()
    yield layers.EinsumDense("ab,bc->ac", 5), [numbers(3, 4)]
    yield layers.EinsumDense("abc,cde->abde", (None, 2, 5), bias_axes="de"), signal()
    yield layers.EinsumDense("abc,cde->aebd", (5, None, 2), bias_axes="e"), signal()
    yield layers.EinsumDense("abc,bcd->abd", (7, 4), bias_axes="bd"), signal()
    yield layers.EinsumDense("abcd,bd->adb", (3, 5)), image()
    yield layers.EinsumDense("ab...,bc->ac...", 4, bias_axes="c"), image()
    for what in ("sparsemax", "glu"):
        yield layers.Activation(what), [numbers(4, 6) * 2]
        yield layers.Activation(what), image() if what == "sparsemax" else [numbers(2, 3, 4)]
    yield layers.Dense(5, activation="sparsemax"), [numbers(3, 4)]
    yield layers.UpSampling2D((2, 3), interpolation="area"), image()
    for size in ((3, 8), (2, 3), (7, 4)):
        yield layers.Resizing(*size, "area"), image()
    for padding in ("valid", "same"):
        yield layers.Conv2DTranspose(4, (3, 2), dilation_rate=(2, 3), padding=padding), image()
        yield layers.Conv1DTranspose(4, 3, dilation_rate=2, padding=padding), signal()
        yield layers.Conv3DTranspose(2, (2, 3, 2), dilation_rate=2, padding=padding), volume()
    yield layers.SpectralNormalization(layers.Dense(3)), signal()
    yield layers.SpectralNormalization(layers.Conv2D(4, 3, activation="relu"), power_iterations=3), image()
    yield layers.SpectralNormalization(layers.Embedding(7, 3)), [np.array([[1, 6, 0], [2, 2, 5]], "float32")]


def recurrent(numbers):
    steps = lambda: [numbers(3, 6, 4)]
    mask = np.array([[1, 1, 1, 1, 0, 0], [0, 1, 0, 1, 1, 1], [1, 1, 1, 1, 1, 1]], "bool")
    stack = lambda: layers.StackedRNNCells([layers.LSTMCell(3), layers.GRUCell(2, reset_after=False), layers.SimpleRNNCell(4)])
    for cell in (
        lambda: layers.SimpleRNNCell(3, activation="relu"),
        lambda: layers.LSTMCell(3, use_bias=False),
        lambda: layers.GRUCell(3),
        stack,
    ):
        for more in ({}, {"return_sequences": True}, {"go_backwards": True, "return_sequences": True}):
            yield layers.RNN(cell(), **more), steps(), stepwise, []
            yield layers.RNN(cell(), **more), steps(), stepwise, [mask]
    yield layers.RNN(stack(), return_sequences=True, zero_output_for_mask=True), steps(), stepwise, [mask]
    yield layers.RNN(layers.GRUCell(3), return_state=True), steps() + [numbers(3, 3)], stepwise, []
    yield layers.RNN(layers.LSTMCell(3), return_state=True), steps() + [numbers(3, 3) for _ in range(2)], stepwise, []
    cells = layers.StackedRNNCells([layers.SimpleRNNCell(3), layers.GRUCell(2)])
    yield layers.RNN(cells, return_state=True), steps() + [numbers(3, 3), numbers(3, 2)], stepwise, []
    clips = lambda: [numbers(2, 2, 4, 3, 5, 2)]
    for more in (
        {},
        {"padding": "same", "return_sequences": True, "return_state": True},
        {"strides": 2, "use_bias": False},
        {"go_backwards": True, "recurrent_activation": "hard_sigmoid"},
    ):
        yield layers.ConvLSTM3D(3, 2, **more), clips(), stepwise, []
    yield layers.Bidirectional(layers.ConvLSTM1D(2, 2)), [numbers(2, 3, 6, 2)], stepwise, []
