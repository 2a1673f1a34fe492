"""Writes what real Keras makes of many layers and input shapes, to be replayed through the catalogue.

    python test/golden/layer-shapes.py     rewrites test/golden/layer-shapes.json

One case a line: the kind, its constructor's arguments, `get_config()` without what is the same for every layer, the
input shapes, and either the output shape and the weights or `refused`. Made with Keras 3.15.1.
"""

import json
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
from keras.src.applications.convnext import LayerScale, StochasticDepth
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "layer-shapes.json")

CASES = []


def case(kind, arguments, *inputs):
    CASES.append((kind, arguments, [list(shape) for shape in inputs]))


IMAGE = (None, 28, 28, 3)
ODD = (None, 17, 30, 4)
OPEN = (None, None, None, 3)
FIRST = (None, 3, 28, 20)
SIGNAL = (None, 40, 6)
VECTOR = (None, 12)

case("Dense", {"units": 5}, VECTOR)
case("Dense", {"units": 5, "use_bias": False}, (8, 12))
case("Dense", {"units": 5}, SIGNAL)
case("Dense", {"units": 1}, IMAGE)
case("Dense", {"units": 1}, OPEN)
case("Dense", {"units": 5}, (None, None))

for arguments in [
    {},
    {"padding": "same"},
    {"strides": 2},
    {"strides": 2, "padding": "same"},
    {"strides": [2, 3], "padding": "same"},
    {"dilation_rate": 2},
    {"dilation_rate": [2, 1], "padding": "same"},
    {"use_bias": False},
]:
    for shape in [IMAGE, ODD, OPEN]:
        case("Conv2D", {"filters": 8, "kernel_size": 3, **arguments}, shape)
        case("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 2, **arguments}, shape)
        case("SeparableConv2D", {"filters": 8, "kernel_size": [3, 2], "depth_multiplier": 2, **arguments}, shape)
        case("Conv2DTranspose", {"filters": 8, "kernel_size": 3, **arguments}, shape)
case("Conv2D", {"filters": 8, "kernel_size": 3, "groups": 4}, ODD)
case("Conv2D", {"filters": 9, "kernel_size": 3, "groups": 3}, ODD)
case("Conv2D", {"filters": 8, "kernel_size": [1, 7], "padding": "same"}, IMAGE)
case("Conv2D", {"filters": 8, "kernel_size": 5}, (None, 4, 9, 3))
case("Conv2D", {"filters": 8, "kernel_size": 3, "dilation_rate": 2}, (None, 4, 9, 3))
case("Conv2D", {"filters": 8, "kernel_size": 3}, VECTOR)
case("Conv2D", {"filters": 8, "kernel_size": 3}, SIGNAL)
case("Conv2D", {"filters": 8, "kernel_size": 1}, (None, 1, 1, 7))
for kind, extra in [
    ("Conv2D", {"filters": 8}),
    ("DepthwiseConv2D", {}),
    ("SeparableConv2D", {"filters": 8}),
    ("Conv2DTranspose", {"filters": 8}),
]:
    case(kind, {"kernel_size": 3, "data_format": "channels_first", **extra}, FIRST)
for arguments in [
    {"kernel_size": 2, "strides": 3},
    {"kernel_size": 4, "strides": 2},
    {"kernel_size": 4, "strides": 2, "padding": "same"},
    {"kernel_size": 4, "strides": 2, "padding": "same", "output_padding": 1},
    {"kernel_size": 3, "strides": 2, "output_padding": [1, 0]},
    {"kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 0},
]:
    case("Conv2DTranspose", {"filters": 2, **arguments}, ODD)

for arguments in [
    {},
    {"padding": "same"},
    {"padding": "causal"},
    {"padding": "causal", "dilation_rate": 4},
    {"strides": 3},
    {"strides": 3, "padding": "causal"},
    {"groups": 2},
    {"use_bias": False},
]:
    for shape in [SIGNAL, (None, None, 6)]:
        case("Conv1D", {"filters": 8, "kernel_size": 3, **arguments}, shape)
case("Conv1D", {"filters": 8, "kernel_size": 3}, IMAGE)

for what in ["Max", "Average"]:
    for arguments in [
        {"pool_size": 2},
        {"pool_size": 3, "strides": 2},
        {"pool_size": 3, "strides": 2, "padding": "same"},
        {"pool_size": 3, "strides": 1, "padding": "same"},
        {"pool_size": 2, "padding": "same"},
    ]:
        for shape in [IMAGE, ODD, OPEN]:
            case(f"{what}Pooling2D", arguments, shape)
        case(f"{what}Pooling2D", {**arguments, "data_format": "channels_first"}, FIRST)
        case(f"{what}Pooling1D", arguments, SIGNAL)
        case(f"{what}Pooling1D", arguments, (None, None, 6))
    case(f"{what}Pooling2D", {"pool_size": [2, 3]}, ODD)
    case(f"{what}Pooling2D", {"pool_size": 4}, (None, 3, 9, 1))
    case(f"{what}Pooling2D", {"pool_size": 2}, VECTOR)
    for arguments in [{}, {"keepdims": True}]:
        case(f"Global{what}Pooling2D", arguments, IMAGE)
        case(f"Global{what}Pooling2D", arguments, OPEN)
        case(f"Global{what}Pooling2D", {**arguments, "data_format": "channels_first"}, FIRST)
        case(f"Global{what}Pooling1D", arguments, SIGNAL)
    case(f"Global{what}Pooling2D", {}, VECTOR)
    case(f"Global{what}Pooling1D", {}, IMAGE)

for shape in [IMAGE, OPEN, VECTOR, SIGNAL]:
    case("BatchNormalization", {}, shape)
    case("LayerNormalization", {}, shape)
case("BatchNormalization", {"scale": False}, IMAGE)
case("BatchNormalization", {"center": False}, IMAGE)
case("BatchNormalization", {"axis": 1}, FIRST)
case("BatchNormalization", {"axis": 4}, IMAGE)
case("LayerNormalization", {"scale": False}, VECTOR)
case("LayerNormalization", {"axis": [1, 2]}, SIGNAL)
case("LayerNormalization", {"axis": [-1, -2]}, SIGNAL)
case("LayerNormalization", {"center": False, "axis": 1}, SIGNAL)

case("Activation", {"activation": "relu"}, IMAGE)
case("ReLU", {}, VECTOR)
case("ReLU", {"max_value": 6.0}, IMAGE)
case("LeakyReLU", {}, VECTOR)
case("LeakyReLU", {"negative_slope": 0.1}, IMAGE)
case("ELU", {}, VECTOR)
case("Softmax", {}, VECTOR)
case("PReLU", {}, IMAGE)
case("PReLU", {"shared_axes": [1, 2]}, IMAGE)
case("PReLU", {"shared_axes": [1, 2]}, OPEN)
case("Dropout", {"rate": 0.5}, IMAGE)
case("Dropout", {"rate": 0.5, "noise_shape": [None, 1]}, VECTOR)
case("SpatialDropout2D", {"rate": 0.5}, IMAGE)
case("SpatialDropout2D", {"rate": 0.5}, VECTOR)
case("GaussianDropout", {"rate": 0.5}, VECTOR)
case("GaussianNoise", {"stddev": 0.5}, VECTOR)
case("Identity", {}, IMAGE)

for kind in ["Add", "Multiply", "Average", "Maximum", "Minimum", "Subtract"]:
    case(kind, {}, IMAGE, IMAGE)
    case(kind, {}, IMAGE, (None, 1, 1, 3))
    case(kind, {}, OPEN, IMAGE)
    case(kind, {}, (4, 12), VECTOR)
    case(kind, {}, SIGNAL, (None, 6))
    case(kind, {}, IMAGE, (None, 28, 27, 3))
    case(kind, {}, (4, 12), (5, 12))
case("Add", {}, VECTOR, VECTOR, (None, 1))
case("Concatenate", {}, IMAGE, (None, 28, 28, 5), (None, 28, 28, 1))
case("Concatenate", {}, OPEN, IMAGE)
case("Concatenate", {}, IMAGE, (None, 28, 27, 3))
case("Concatenate", {}, IMAGE, VECTOR)
case("Concatenate", {}, VECTOR, (None, None))
case("Concatenate", {"axis": 1}, SIGNAL, (None, 2, 6))
case("Concatenate", {"axis": 3}, IMAGE, IMAGE)
case("Concatenate", {"axis": -2}, SIGNAL, (None, 2, 6))

case("Flatten", {}, IMAGE)
case("Flatten", {}, OPEN)
case("Flatten", {}, VECTOR)
case("Flatten", {}, (None,))
case("Flatten", {"data_format": "channels_first"}, FIRST)
case("Reshape", {"target_shape": [3, 4]}, VECTOR)
case("Reshape", {"target_shape": [-1, 2]}, VECTOR)
case("Reshape", {"target_shape": [-1, 7]}, VECTOR)
case("Reshape", {"target_shape": [13]}, VECTOR)
case("Reshape", {"target_shape": [-1, 3]}, OPEN)
case("Reshape", {"target_shape": [2352]}, IMAGE)
case("Permute", {"dims": [3, 1, 2]}, IMAGE)
case("Permute", {"dims": [2, 1]}, SIGNAL)
case("Permute", {"dims": [2, 1]}, IMAGE)
case("ZeroPadding2D", {}, IMAGE)
case("ZeroPadding2D", {"padding": [1, 2]}, OPEN)
case("ZeroPadding2D", {"padding": [[0, 1], [2, 3]]}, IMAGE)
case("ZeroPadding2D", {"padding": 3, "data_format": "channels_first"}, FIRST)
case("ZeroPadding2D", {}, VECTOR)
case("Cropping2D", {"cropping": 2}, IMAGE)
case("Cropping2D", {"cropping": [[1, 2], [3, 4]]}, IMAGE)
case("Cropping2D", {"cropping": [[1, 2], [3, 4]]}, OPEN)
case("Cropping2D", {"cropping": 14}, IMAGE)
case("UpSampling2D", {}, IMAGE)
case("UpSampling2D", {"size": [2, 3], "interpolation": "bilinear"}, OPEN)
case("UpSampling2D", {"size": 3, "data_format": "channels_first"}, FIRST)
case("Rescaling", {"scale": 0.5}, IMAGE)
case("Rescaling", {"scale": [1.0, 2.0, 3.0], "offset": -1.0}, IMAGE)
case("Normalization", {}, IMAGE)
case("Normalization", {"axis": None}, IMAGE)
case("Normalization", {"axis": [1, -1]}, SIGNAL)
case("Normalization", {"mean": [1.0, 2.0, 3.0], "variance": [1.0, 1.0, 1.0]}, IMAGE)

VOLUME = (None, 9, 12, 11, 4)
OPEN_VOLUME = (None, None, 12, None, 4)
for arguments in [
    {},
    {"padding": "same"},
    {"strides": 2},
    {"strides": [1, 2, 3], "padding": "same"},
    {"dilation_rate": 2, "use_bias": False},
]:
    for shape in [VOLUME, OPEN_VOLUME]:
        case("Conv3D", {"filters": 6, "kernel_size": [2, 3, 3], **arguments}, shape)
        case("Conv3DTranspose", {"filters": 6, "kernel_size": [2, 3, 3], **arguments}, shape)
    for shape in [SIGNAL, (None, None, 6)]:
        alike = {**arguments, "strides": 2} if isinstance(arguments.get("strides"), list) else arguments
        case("DepthwiseConv1D", {"kernel_size": 3, "depth_multiplier": 2, **alike}, shape)
        case("SeparableConv1D", {"filters": 5, "kernel_size": 3, "depth_multiplier": 2, **alike}, shape)
        case("Conv1DTranspose", {"filters": 5, "kernel_size": 4, **alike}, shape)
case("Conv3D", {"filters": 6, "kernel_size": 3, "groups": 2}, VOLUME)
case("Conv3D", {"filters": 6, "kernel_size": 3, "data_format": "channels_first"}, (None, 4, 9, 12, 11))
case("Conv3D", {"filters": 6, "kernel_size": 3}, IMAGE)
case("Conv3D", {"filters": 6, "kernel_size": 10}, VOLUME)
case("Conv1DTranspose", {"filters": 5, "kernel_size": 2, "strides": 3, "output_padding": 1, "padding": "same"}, SIGNAL)
case("Conv3DTranspose", {"filters": 5, "kernel_size": 3, "strides": 2, "output_padding": 1, "padding": "same"}, VOLUME)
case("Conv1DTranspose", {"filters": 5, "kernel_size": 2}, IMAGE)

for what in ["Max", "Average"]:
    for arguments in [{"pool_size": 2}, {"pool_size": [1, 2, 3], "strides": 2, "padding": "same"}]:
        case(f"{what}Pooling3D", arguments, VOLUME)
        case(f"{what}Pooling3D", arguments, OPEN_VOLUME)
    case(f"{what}Pooling3D", {"pool_size": 2}, IMAGE)
    for arguments in [{}, {"keepdims": True}, {"data_format": "channels_first"}]:
        case(f"Global{what}Pooling3D", arguments, VOLUME)
    case(f"Global{what}Pooling3D", {}, IMAGE)

case("GroupNormalization", {"groups": 2}, (None, 7, 7, 6))
case("GroupNormalization", {"groups": 3, "axis": 1, "scale": False}, (None, 6, 7))
case("GroupNormalization", {"groups": -1, "center": False}, SIGNAL)
case("GroupNormalization", {"groups": 4}, SIGNAL)
case("RMSNormalization", {}, SIGNAL)
case("RMSNormalization", {"epsilon": 1e-3}, VECTOR)
case("UnitNormalization", {}, SIGNAL)
case("UnitNormalization", {"axis": [1, 2]}, SIGNAL)

case("AlphaDropout", {"rate": 0.2}, VECTOR)
case("AlphaDropout", {"rate": 0.2, "noise_shape": [None, 1]}, VECTOR)
case("SpatialDropout1D", {"rate": 0.2}, SIGNAL)
case("SpatialDropout1D", {"rate": 0.2}, VECTOR)
case("SpatialDropout3D", {"rate": 0.2}, VOLUME)
case("SpatialDropout3D", {"rate": 0.2, "data_format": "channels_first"}, VOLUME)
case("ActivityRegularization", {"l1": 0.1}, VECTOR)

case("Dot", {"axes": 1}, VECTOR, VECTOR)
case("Dot", {"axes": -1, "normalize": True}, VECTOR, VECTOR)
case("Dot", {"axes": [2, 1]}, SIGNAL, (None, 6, 3))
case("Dot", {"axes": [1, 2]}, VECTOR, (None, 7, 12))
case("Dot", {"axes": [3, 1]}, IMAGE, (None, 3, 2))
case("Dot", {"axes": 1}, VECTOR, (None, 13))
case("RepeatVector", {"n": 4}, VECTOR)
case("RepeatVector", {"n": 4}, SIGNAL)

case("ZeroPadding1D", {}, SIGNAL)
case("ZeroPadding1D", {"padding": [0, 3]}, (None, None, 6))
case("ZeroPadding1D", {"padding": 2, "data_format": "channels_first"}, SIGNAL)
case("ZeroPadding1D", {}, IMAGE)
case("ZeroPadding3D", {}, VOLUME)
case("ZeroPadding3D", {"padding": [1, 2, 0]}, OPEN_VOLUME)
case("ZeroPadding3D", {"padding": [[0, 1], [2, 3], [1, 0]]}, VOLUME)
case("Cropping1D", {}, SIGNAL)
case("Cropping1D", {"cropping": [0, 3]}, (None, None, 6))
case("Cropping1D", {"cropping": 20}, SIGNAL)
case("Cropping3D", {}, VOLUME)
case("Cropping3D", {"cropping": [[0, 1], [2, 3], [1, 0]]}, OPEN_VOLUME)
case("UpSampling1D", {}, SIGNAL)
case("UpSampling1D", {"size": 3}, (None, None, 6))
case("UpSampling3D", {}, VOLUME)
case("UpSampling3D", {"size": [1, 2, 3], "data_format": "channels_first"}, OPEN_VOLUME)

case("Resizing", {"height": 7, "width": 9}, IMAGE)
case("Resizing", {"height": 7, "width": 9, "interpolation": "nearest", "crop_to_aspect_ratio": True}, OPEN)
case("Resizing", {"height": 40, "width": 9, "data_format": "channels_first", "antialias": True}, FIRST)
case("CenterCrop", {"height": 7, "width": 9}, IMAGE)
case("CenterCrop", {"height": 40, "width": 9}, OPEN)
for kind, arguments in [
    ("RandomFlip", {}),
    ("RandomFlip", {"mode": "horizontal", "seed": 3}),
    ("RandomContrast", {"factor": 0.2}),
    ("RandomContrast", {"factor": [0.1, 0.3], "value_range": [0, 1]}),
    ("RandomBrightness", {"factor": 0.2}),
    ("RandomRotation", {"factor": 0.2, "fill_mode": "nearest"}),
    ("RandomRotation", {"factor": [-0.2, 0.3], "interpolation": "nearest"}),
    ("RandomTranslation", {"height_factor": 0.2, "width_factor": [-0.2, 0.3]}),
    ("RandomZoom", {"height_factor": 0.2}),
    ("RandomZoom", {"height_factor": [-0.2, -0.1], "width_factor": 0.1}),
    ("RandomShear", {"x_factor": 0.2}),
    ("RandomHue", {"factor": 0.2}),
    ("RandomSaturation", {"factor": 0.2}),
    ("RandomSharpness", {"factor": 0.2}),
    ("RandomColorDegeneration", {"factor": 0.2}),
    ("RandomInvert", {"factor": 0.2}),
    ("RandomGrayscale", {"factor": 0.2}),
    ("RandomPosterization", {"factor": 3}),
    ("RandomGaussianBlur", {"factor": 0.2, "kernel_size": 5}),
    ("RandomErasing", {"factor": 0.2}),
    ("RandomPerspective", {"factor": 0.2}),
    ("RandomElasticTransform", {"factor": 0.2, "fill_mode": "constant"}),
    ("RandomColorJitter", {"brightness_factor": 0.2, "hue_factor": [0.1, 0.2]}),
    ("RandAugment", {"num_ops": 3}),
    ("AugMix", {"num_chains": 2}),
    ("MixUp", {"alpha": 0.3}),
    ("CutMix", {"factor": 0.3}),
]:
    case(kind, arguments, IMAGE)

case("LayerScale", {"init_values": 1e-6, "projection_dim": 3}, IMAGE)
case("CustomScaleLayer", {"scale": 0.17}, IMAGE, IMAGE)
case("StochasticDepth", {"drop_path_rate": 0.1}, IMAGE)

STEPS = (None, 7, 6)
FRAMES = (None, 4, 9, 8, 3)
for kind, extra in [
    ("SimpleRNN", {}),
    ("LSTM", {}),
    ("GRU", {}),
    ("GRU", {"reset_after": False}),
    ("LSTM", {"unit_forget_bias": False}),
]:
    for arguments in [{}, {"return_sequences": True}, {"return_state": True}, {"use_bias": False, "go_backwards": True}]:
        case(kind, {"units": 5, **extra, **arguments}, STEPS)
    case(kind, {"units": 5, "return_sequences": True, **extra}, (None, None, 6))
    case(kind, {"units": 5, **extra}, STEPS, *[(None, 5)] * (2 if kind == "LSTM" else 1))
    case(kind, {"units": 5, **extra}, VECTOR)
    case(kind, {"units": 5, **extra}, IMAGE)
    case(kind, {"units": 5, **extra}, (None, 7, None))
for arguments in [
    {},
    {"padding": "same", "return_sequences": True},
    {"strides": 2, "return_state": True},
    {"dilation_rate": 2, "use_bias": False},
    {"data_format": "channels_first"},
]:
    case("ConvLSTM2D", {"filters": 5, "kernel_size": 3, **arguments}, FRAMES)
    case("ConvLSTM1D", {"filters": 5, "kernel_size": 3, **arguments}, (None, 4, 9, 8))
case("ConvLSTM2D", {"filters": 5, "kernel_size": 3}, IMAGE)
case("ConvLSTM2D", {"filters": 5, "kernel_size": 10}, FRAMES)
for inner in [
    {"class_name": "LSTM", "config": {"units": 5}},
    {"class_name": "LSTM", "config": {"units": 5, "return_sequences": True, "use_bias": False}},
    {"class_name": "GRU", "config": {"units": 5, "return_sequences": True, "return_state": True}},
    {"class_name": "SimpleRNN", "config": {"units": 5, "return_state": True}},
]:
    for mode in ["concat", "sum", "mul", "ave", None]:
        case("Bidirectional", {"layer": inner, "merge_mode": mode}, STEPS)
case("Bidirectional", {"layer": {"class_name": "LSTM", "config": {"units": 5}}}, VECTOR)
case(
    "Bidirectional",
    {
        "layer": {"class_name": "LSTM", "config": {"units": 5}},
        "backward_layer": {"class_name": "GRU", "config": {"units": 5, "go_backwards": True}},
    },
    STEPS,
)
for inner, shape in [
    ({"class_name": "Dense", "config": {"units": 3}}, STEPS),
    ({"class_name": "Conv2D", "config": {"filters": 4, "kernel_size": 3}}, FRAMES),
    ({"class_name": "BatchNormalization", "config": {}}, FRAMES),
    ({"class_name": "LSTM", "config": {"units": 3}}, (None, 4, 9, 8)),
    ({"class_name": "Flatten", "config": {}}, (None, None, 3, 4)),
    ({"class_name": "Dense", "config": {"units": 3}}, VECTOR),
]:
    case("TimeDistributed", {"layer": inner}, shape)
case("Embedding", {"input_dim": 20, "output_dim": 4}, (None, 9))
case("Embedding", {"input_dim": 20, "output_dim": 4, "mask_zero": True}, (None, None))
case("Embedding", {"input_dim": 20, "output_dim": 4}, (None, 3, 9))
case("Masking", {}, STEPS)
case("Masking", {"mask_value": -1.0}, STEPS)
for kind, extra in [("Attention", {}), ("Attention", {"score_mode": "concat"}), ("AdditiveAttention", {})]:
    for scale in [True, False]:
        case(kind, {"use_scale": scale, **extra}, STEPS, (None, 9, 6))
        case(kind, {"use_scale": scale, **extra}, STEPS, (None, 9, 6), (None, 9, 6))
for arguments in [
    {},
    {"value_dim": 5},
    {"output_shape": 4},
    {"output_shape": [2, 3]},
    {"use_bias": False},
    {"use_gate": True, "value_dim": 2},
    {"sliding_window": 2},
    {"attention_axes": [1]},
]:
    case("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, **arguments}, STEPS, (None, 9, 4))
case("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, STEPS, (None, 9, 4), (None, 8, 5))
case("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, (None, None, 6), (None, None, 4))
for arguments in [{}, {"use_bias": False}, {"use_gate": True}]:
    case("GroupQueryAttention", {"head_dim": 3, "num_query_heads": 6, "num_key_value_heads": 2, **arguments}, STEPS, STEPS)
case("InputLayer", {"batch_shape": [None, 5, 6]})
case("InputLayer", {"shape": [5, 6], "batch_size": 3, "dtype": "int32"})

for what in ["Max", "Average"]:
    case(f"Adaptive{what}Pooling1D", {"output_size": 3}, SIGNAL)
    case(f"Adaptive{what}Pooling2D", {"output_size": [2, 3]}, IMAGE)
    case(f"Adaptive{what}Pooling2D", {"output_size": 4, "data_format": "channels_first"}, FIRST)
    case(f"Adaptive{what}Pooling3D", {"output_size": 2}, VOLUME)
case("EinsumDense", {"equation": "abc,cd->abd", "output_shape": [None, 5], "bias_axes": "d"}, SIGNAL)
case("EinsumDense", {"equation": "...c,cd->...d", "output_shape": 5, "bias_axes": "d", "activation": "relu"}, IMAGE)
case("EinsumDense", {"equation": "abc,cde->abde", "output_shape": [None, 2, 5], "bias_axes": "de"}, SIGNAL)
case("EinsumDense", {"equation": "abc,cde->aebd", "output_shape": [5, None, 2], "bias_axes": "e"}, SIGNAL)
case("EinsumDense", {"equation": "abc,bcd->abd", "output_shape": [40, 4], "bias_axes": "bd"}, SIGNAL)
case("EinsumDense", {"equation": "ab...,bc->ac...", "output_shape": 4, "bias_axes": "c"}, IMAGE)
case("EinsumDense", {"equation": "abc,cd->abd", "output_shape": [7, 5]}, SIGNAL)
case("EinsumDense", {"equation": "abc,cd->abd", "output_shape": 5}, SIGNAL)
for inner, shape in [
    ({"class_name": "Dense", "config": {"units": 3}}, STEPS),
    ({"class_name": "Conv2D", "config": {"filters": 4, "kernel_size": 3}}, IMAGE),
    ({"class_name": "Embedding", "config": {"input_dim": 20, "output_dim": 4}}, (None, 9)),
    ({"class_name": "Flatten", "config": {}}, IMAGE),
]:
    case("SpectralNormalization", {"layer": inner, "power_iterations": 2}, shape)
LSTM_CELL = {"class_name": "LSTMCell", "config": {"units": 5}}
GRU_CELL = {"class_name": "GRUCell", "config": {"units": 3, "reset_after": False}}
SIMPLE_CELL = {"class_name": "SimpleRNNCell", "config": {"units": 4, "use_bias": False}}
for cell in [LSTM_CELL, GRU_CELL, SIMPLE_CELL, {"class_name": "StackedRNNCells", "config": {"cells": [LSTM_CELL, GRU_CELL]}}]:
    for arguments in [{}, {"return_sequences": True}]:
        case("RNN", {"cell": cell, **arguments}, STEPS)
case("RNN", {"cell": SIMPLE_CELL, "return_state": True}, STEPS, (None, 4))
case("RNN", {"cell": LSTM_CELL}, VECTOR)
CLIPS = (None, 4, 9, 8, 7, 3)
for arguments in [{}, {"padding": "same", "return_sequences": True}, {"strides": 2, "use_bias": False}]:
    case("ConvLSTM3D", {"filters": 5, "kernel_size": 3, **arguments}, CLIPS)
case("ConvLSTM3D", {"filters": 5, "kernel_size": 3}, FRAMES)
case("UpSampling2D", {"interpolation": "area"}, IMAGE)
case("LSTM", {"units": 5, "stateful": True}, (4, 7, 6))
case("Bidirectional", {"layer": {"class_name": "ConvLSTM3D", "config": {"filters": 2, "kernel_size": 2}}}, CLIPS)


# Classes that keras.applications defines beside its models.
APPLICATIONS = {one.__name__: one for one in (LayerScale, StochasticDepth, CustomScaleLayer)}


def name_of(weight, layer):
    """A weight that was given no name is `variable`, `variable_1`, ... in order of making; its attribute says more."""
    if not weight.name.startswith("variable"):
        return weight.name
    return next(key for key, value in vars(layer).items() if value is weight)


def place_of(weight, layer):
    """A weight of a layer inside another goes by the place of that layer; cells are not told apart from what runs them."""
    if isinstance(layer, keras.layers.Bidirectional):
        ahead = any(weight is one for one in layer.forward_layer.weights)
        return f"{'forward' if ahead else 'backward'}_layer/{weight.name}"
    if isinstance(layer, keras.layers.TimeDistributed):
        return f"layer/{place_of(weight, layer.layer)}"
    if isinstance(layer, keras.layers.SpectralNormalization) and weight is not layer.vector_u:
        return f"layer/{place_of(weight, layer.layer)}"
    if type(layer) is keras.layers.RNN:
        return place_in_cell(weight, layer.cell)
    if isinstance(layer, (keras.layers.MultiHeadAttention, keras.layers.GroupQueryAttention)):
        return "/".join(weight.path.split("/")[-2:])
    return name_of(weight, layer)


def place_in_cell(weight, cell):
    """The cells of a stack are numbered."""
    if not isinstance(cell, keras.layers.StackedRNNCells):
        return f"cell/{weight.name}"
    index = next(i for i, one in enumerate(cell.cells) if any(weight is own for own in one.weights))
    return f"cell/{index}/{weight.name}"


def made(kind, arguments):
    def inner(key, value):
        if key == "cells":
            return [made(one["class_name"], one["config"]) for one in value]
        if key in ("layer", "backward_layer", "cell"):
            return made(value["class_name"], value["config"])
        return value

    given = {key: inner(key, value) for key, value in arguments.items()}
    return (APPLICATIONS.get(kind) or getattr(keras.layers, kind))(**given)


def called(layer, tensors):
    if isinstance(layer, (keras.layers.MultiHeadAttention, keras.layers.GroupQueryAttention)):
        return layer(*tensors)
    if isinstance(layer, keras.layers.RNN) and len(tensors) > 1:
        return layer(tensors[0], initial_state=tensors[1:])
    return layer(tensors if len(tensors) > 1 else tensors[0])


def plain(kind, config):
    same = ("name", "trainable") if kind == "InputLayer" else ("name", "trainable", "dtype")
    return {key: value for key, value in config.items() if key not in same}


def measure(kind, arguments, inputs):
    row = {"kind": kind, "arguments": arguments, "inputs": inputs}
    layer = made(kind, arguments)
    row["config"] = plain(kind, layer.get_config())
    try:
        tensors = [keras.KerasTensor(shape) for shape in inputs]
        if not tensors:
            output = layer.output
        else:
            output = called(layer, tensors)
    except (ValueError, TypeError, IndexError):
        return {**row, "refused": True}
    weights = [[place_of(w, layer), list(w.shape), bool(w.trainable)] for w in layer.weights]
    if isinstance(output, (list, tuple)):
        output, *others = output
        row["others"] = [list(other.shape) for other in others]
    return {**row, "output": list(output.shape), "weights": weights}


if __name__ == "__main__":
    rows = [json.dumps(measure(*one)) for one in CASES]
    with open(FILE, "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(rows) + "\n]\n")
