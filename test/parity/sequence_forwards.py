"""The recurrent and attention layers for forwards.py: each with its inputs, how it is called with them, and the masks that
Keras would have put on the inputs."""

import numpy as np
from keras import layers


def positional(layer, inputs, masks):
    """Attention's tensors are arguments; its masks have names of their own."""
    names = ("query_mask", "value_mask", "key_mask")
    return layer(*inputs, **{name: mask for name, mask in zip(names, masks) if mask is not None})


def listed(layer, inputs, masks):
    return layer(inputs, **({"mask": masks} if masks else {}))


def stepwise(layer, inputs, masks):
    """A sequence, and the states to begin with where there are some."""
    states = {"initial_state": inputs[1:]} if len(inputs) > 1 else {}
    return layer(inputs[0], **states, **({"mask": masks[0]} if masks else {}))


def alone(layer, inputs, masks):
    return layer(inputs[0])


def sequences(numbers):
    steps = lambda: [numbers(3, 6, 4)]
    mask = np.array([[1, 1, 1, 1, 0, 0], [0, 1, 0, 1, 1, 1], [1, 1, 1, 1, 1, 1]], "bool")
    for kind, extra in (
        (layers.SimpleRNN, {}),
        (layers.SimpleRNN, {"activation": "relu", "use_bias": False}),
        (layers.LSTM, {}),
        (layers.LSTM, {"recurrent_activation": "hard_sigmoid", "activation": "elu", "use_bias": False}),
        (layers.GRU, {}),
        (layers.GRU, {"use_bias": False}),
        (layers.GRU, {"reset_after": False}),
    ):
        count = 2 if kind is layers.LSTM else 1
        for more in ({}, {"return_sequences": True, "return_state": True}, {"go_backwards": True, "return_sequences": True}):
            yield kind(5, **extra, **more), steps(), stepwise, []
        yield kind(5, return_state=True, **extra), steps() + [numbers(3, 5) for _ in range(count)], stepwise, []
        for more in ({}, {"return_sequences": True, "return_state": True}, {"go_backwards": True, "return_sequences": True}):
            yield kind(5, **extra, **more), steps(), stepwise, [mask]
        yield kind(5, return_sequences=True, zero_output_for_mask=True, **extra), steps(), stepwise, [mask]
    frames = lambda: [numbers(2, 3, 5, 6, 2)]
    for more in (
        {},
        {"padding": "same", "return_sequences": True, "return_state": True},
        {"strides": 2, "use_bias": False},
        {"dilation_rate": 2, "go_backwards": True, "return_sequences": True},
        {"recurrent_activation": "sigmoid", "activation": "relu"},
    ):
        yield layers.ConvLSTM2D(3, (2, 3), **more), frames(), stepwise, []
        yield layers.ConvLSTM1D(3, 2, **more), [numbers(2, 3, 6, 2)], stepwise, []
    yield layers.ConvLSTM2D(3, 2, padding="same", return_sequences=True), frames(), stepwise, [mask[:2, :3]]
    for mode in ("concat", "sum", "mul", "ave", None):
        yield layers.Bidirectional(layers.LSTM(3), merge_mode=mode), steps(), stepwise, []
        yield layers.Bidirectional(layers.GRU(3, return_sequences=True), merge_mode=mode), steps(), stepwise, []
    yield layers.Bidirectional(layers.LSTM(3, return_sequences=True, return_state=True)), steps(), stepwise, []
    yield layers.Bidirectional(layers.LSTM(3)), steps() + [numbers(3, 3) for _ in range(4)], stepwise, []
    yield layers.Bidirectional(layers.LSTM(3)), steps(), stepwise, [mask]
    yield layers.Bidirectional(layers.LSTM(3, return_sequences=True)), steps(), stepwise, [mask]
    backward = layers.SimpleRNN(3, go_backwards=True, activation="relu")
    yield layers.Bidirectional(layers.LSTM(3), backward_layer=backward), steps(), stepwise, []
    yield layers.TimeDistributed(layers.Dense(3, activation="softmax")), steps(), alone, []
    yield layers.TimeDistributed(layers.Conv2D(2, 3)), frames(), alone, []
    yield layers.TimeDistributed(layers.BatchNormalization()), frames(), alone, []
    yield layers.TimeDistributed(layers.Bidirectional(layers.LSTM(2))), [numbers(2, 3, 4, 2)], alone, []
    yield layers.Embedding(7, 3), [np.array([[1, 6, 0], [2, 2, 5]], "float32")], alone, []
    yield layers.Embedding(7, 3, mask_zero=True), [np.array([[1, 6, 0], [2, 2, 5]], "float32")], alone, []
    masked = numbers(2, 4, 3)
    masked[0, 2] = masked[1, 3] = 0.5
    yield layers.Masking(0.5), [masked], alone, []
    pair = lambda: [numbers(3, 6, 4), numbers(3, 5, 4)]
    targets, sources = mask, mask[:, 1:]
    for kind, extra in (
        (layers.Attention, {}),
        (layers.Attention, {"use_scale": True}),
        (layers.Attention, {"score_mode": "concat", "use_scale": True}),
        (layers.Attention, {"score_mode": "concat"}),
        (layers.AdditiveAttention, {}),
        (layers.AdditiveAttention, {"use_scale": False}),
    ):
        yield kind(**extra), pair(), listed, []
        yield kind(**extra), pair() + [numbers(3, 5, 4)], listed, []
        yield kind(**extra), pair(), listed, [targets, sources]
    for arguments in (
        {},
        {"value_dim": 3, "use_bias": False},
        {"output_shape": 3},
        {"output_shape": (2, 3)},
        {"use_gate": True, "value_dim": 5},
        {"sliding_window": 2},
    ):
        yield layers.MultiHeadAttention(2, 4, **arguments), [numbers(3, 6, 4), numbers(3, 5, 3)], positional, []
    triple = [numbers(3, 6, 4), numbers(3, 5, 3), numbers(3, 5, 2)]
    yield layers.MultiHeadAttention(2, 4), triple, positional, []
    yield layers.MultiHeadAttention(2, 4), triple[:2], positional, [None, sources]
    yield layers.MultiHeadAttention(2, 4, dropout=0.5), triple[:2], positional, [None, sources]
    for arguments in ({}, {"use_bias": False, "use_gate": True}, {"sliding_window": 3}, {"dropout": 0.5}):
        yield layers.GroupQueryAttention(3, 4, 2, **arguments), pair(), positional, []
        yield layers.GroupQueryAttention(3, 4, 2, **arguments), pair(), positional, [targets, sources]


def kind_of(layer):
    """By the name that Keras exports it under, which is what it writes into files."""
    return "GroupQueryAttention" if isinstance(layer, layers.GroupQueryAttention) else type(layer).__name__


def place_of(weight, layer):
    """A weight of a layer inside another goes by the place of that layer; cells are not told apart from what runs them."""
    if isinstance(layer, layers.Bidirectional):
        ahead = any(weight is one for one in layer.forward_layer.weights)
        return f"{'forward' if ahead else 'backward'}_layer/{weight.name}"
    if isinstance(layer, layers.TimeDistributed):
        return f"layer/{place_of(weight, layer.layer)}"
    if isinstance(layer, layers.SpectralNormalization) and weight is not layer.vector_u:
        return f"layer/{place_of(weight, layer.layer)}"
    if type(layer) is layers.RNN:
        return place_in_cell(weight, layer.cell)
    if isinstance(layer, (layers.MultiHeadAttention, layers.GroupQueryAttention)):
        return "/".join(weight.path.split("/")[-2:])
    return weight.name


def place_in_cell(weight, cell):
    """The cells of a stack are numbered."""
    if not isinstance(cell, layers.StackedRNNCells):
        return f"cell/{weight.name}"
    index = next(i for i, one in enumerate(cell.cells) if any(weight is own for own in one.weights))
    return f"cell/{index}/{weight.name}"
