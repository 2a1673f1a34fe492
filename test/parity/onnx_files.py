"""Real ONNX's part of onnx.test.ts: onnx, onnxruntime, PyTorch and Keras.

    onnx_files.py export FOLDER     saves models as PyTorch and others export them, with onnxruntime's answers
    onnx_files.py keras FOLDER      saves Keras models as .h5, with Keras's answers
    onnx_files.py check LIST        the answers of onnxruntime to files that we wrote, after onnx's own checker
"""

import base64
import json
import os
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx_operators import operators

RNG = np.random.default_rng(7)


def packed(array):
    array = np.ascontiguousarray(array, dtype="float32")
    return {"shape": list(array.shape), "data": base64.b64encode(array.tobytes()).decode()}


def normal(*shape, scale=1.0):
    return (RNG.standard_normal(shape) * scale).astype("float32")


def run(path, array):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: array})[0]


def answered(name, path, array):
    return {"name": name, "path": path, "input": packed(array), "output": packed(run(path, array))}


# ---------------------------------------------------------------------------------------------------- PyTorch


def pytorch(folder):
    import torch

    # A torchvision of another build than its PyTorch lacks compiled operators that only detectors use.
    library = torch.library.Library("torchvision", "FRAGMENT")
    for operator in ("nms", "qnms"):
        try:
            library.define(operator + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        except RuntimeError:
            pass
    import torchvision

    found = []
    sizes = {
        "resnet18": 64,
        "mobilenet_v2": 64,
        "squeezenet1_1": 64,
        "densenet121": 64,
        "mobilenet_v3_small": 64,
        "efficientnet_b0": 64,
        "convnext_tiny": 32,
        "vgg11_bn": 32,
        "vit_b_16": 64,
    }
    # Those that PyTorch's new exporter is tried with too.
    twice = ("resnet18", "convnext_tiny", "vit_b_16")
    for name, size in sizes.items():
        torch.manual_seed(1)
        if name == "vit_b_16":
            # Of fewer and smaller layers: the file is written in a second.
            model = torchvision.models.VisionTransformer(size, 16, 2, 4, 64, 128)
            for parameter in model.parameters():
                if not parameter.any():
                    torch.nn.init.uniform_(parameter, -0.5, 0.5)
        else:
            model = getattr(torchvision.models, name)(weights=None)
        if name == "vgg11_bn":
            # The head of a smaller image, so that flattening it mixes height, width and channels.
            model.features = model.features[:15]
            model.avgpool = torch.nn.Identity()
            model.classifier = torch.nn.Sequential(
                torch.nn.Linear(256 * 4 * 4, 64), torch.nn.ReLU(), torch.nn.Dropout(), torch.nn.Linear(64, 10)
            )
        for module in model.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.uniform_(-0.2, 0.2)
                module.running_var.uniform_(0.5, 1.5)
                torch.nn.init.uniform_(module.weight, 0.5, 1.5)
                torch.nn.init.uniform_(module.bias, -0.2, 0.2)
        model.eval()
        path = os.path.join(folder, name + ".onnx")
        torch.onnx.export(
            model,
            torch.zeros(1, 3, size, size),
            path,
            dynamo=False,
            opset_version=17,
            # As it was trained: nothing folded away.
            training=torch.onnx.TrainingMode.PRESERVE
            if name != "vgg11_bn"
            else torch.onnx.TrainingMode.EVAL,
            do_constant_folding=name != "vgg11_bn",
            input_names=["input"],
            output_names=["output"],
            dynamic_axes={"input": {0: "n"}, "output": {0: "n"}},
        )
        found.append(answered(name, path, normal(2, 3, size, size)))
        if name not in twice:
            continue
        path = os.path.join(folder, name + "-new.onnx")
        torch.onnx.export(
            model,
            (torch.zeros(2, 3, size, size),),
            path,
            dynamo=True,
            dynamic_shapes=({0: torch.export.Dim("n")},),
            external_data=False,
            verbose=False,
        )
        found.append(answered(f"{name} as the new exporter writes it", path, normal(2, 3, size, size)))
    return found


# ---------------------------------------------------------------------------------------- graphs made by hand


class Graph:
    """Nodes in a row, each fed by the last unless it says otherwise."""

    def __init__(self, shape, opset=17, channels_last=False):
        self.shape, self.opset = shape, opset
        self.nodes, self.tensors, self.last, self.count = [], [], "x", 0

    def hold(self, array, name=None):
        name = name or f"w{len(self.tensors)}"
        self.tensors.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def node(self, op, *rest, inputs=None, domain="", outputs=1, **attributes):
        """Its output, or a list where there are several; the next node is fed by the first."""
        self.count += 1
        output = f"{op.lower()}_{self.count}"
        rest = [self.hold(one) if not isinstance(one, str) else one for one in rest]
        names = ([self.last, *rest]) if inputs is None else [
            self.hold(one) if not isinstance(one, str) else one for one in inputs
        ]
        made = [output, *(f"{output}_{index}" for index in range(1, outputs))]
        self.nodes.append(helper.make_node(op, names, made, name=output, domain=domain, **attributes))
        self.last = output
        return output if outputs == 1 else made

    def derive(self, op, array, **attributes):
        """Of what the file holds."""
        before = self.last
        made = self.node(op, inputs=[array], **attributes)
        self.last = before
        return made

    def stretched(self, array):
        """One sample for each of the input's."""
        before = self.last
        ones = np.array([1] * (array.ndim - 1), dtype="int64")
        self.node("Shape", inputs=["x"], end=1)
        self.node("Concat", inputs=[self.last, ones], axis=0)
        made = self.node("Expand", inputs=[self.hold(array), self.last])
        self.last = before
        return made

    def model(self, name="made"):
        graph = helper.make_graph(
            self.nodes,
            name,
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", *self.shape])],
            [helper.make_tensor_value_info(self.last, TensorProto.FLOAT, None)],
            self.tensors,
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=8)


def made():
    """Each case: its graph. Sizes differ along every axis, so that a mix-up shows."""
    ints = lambda *values: np.array(values, dtype="int64")  # noqa: E731
    cases = {}

    def case(name, shape=(3, 9, 7), **options):
        cases[name] = Graph(shape, **options)
        return cases[name]

    g = case("conv, uneven pads")
    g.node("Conv", normal(4, 3, 3, 2), normal(4), pads=[0, 1, 2, 0], strides=[2, 1])
    g = case("conv, pads that are not same")
    g.node("Conv", normal(4, 3, 3, 3), normal(4), pads=[1, 1, 1, 1], strides=[2, 2])
    g = case("conv, same upper", (3, 8, 7))
    g.node("Conv", normal(4, 3, 3, 3), auto_pad="SAME_UPPER", strides=[2, 2])
    g = case("conv, same lower", (3, 8, 7))
    g.node("Conv", normal(4, 3, 4, 2), auto_pad="SAME_LOWER", strides=[1, 1])
    g = case("conv, dilated")
    g.node("Conv", normal(4, 3, 3, 3), normal(4), pads=[2, 2, 2, 2], dilations=[2, 2])
    g = case("conv, groups", (4, 9, 7))
    g.node("Conv", normal(6, 2, 3, 3), normal(6), group=2)
    g = case("conv, depthwise with a multiplier", (3, 9, 7))
    g.node("Conv", normal(6, 1, 3, 3), normal(6), group=3, pads=[1, 1, 1, 1])
    g = case("conv, its bias added after")
    g.node("Conv", normal(4, 3, 3, 3))
    g.node("Add", normal(1, 4, 1, 1))
    g = case("conv along one axis", (3, 9))
    g.node("Conv", normal(4, 3, 3), normal(4), pads=[1, 1])
    g.node("Relu")
    g.node("MaxPool", kernel_shape=[2], strides=[2])
    g.node("Flatten")
    g.node("Gemm", normal(16, 5), normal(5))
    g = case("transposed conv")
    g.node("ConvTranspose", normal(3, 4, 3, 3), normal(4), strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1])
    g = case("max pool of what is below zero")
    g.node("MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    g = case("max pool with a ceiling", (3, 10, 8))
    g.node("Relu")
    g.node("MaxPool", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
    g = case("average pools", (3, 9, 7))
    g.node("AveragePool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    g.node("AveragePool", kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1], count_include_pad=1)
    g = case("flatten, then a dense layer")
    g.node("Flatten")
    g.node("Relu")
    g.node("Gemm", normal(5, 189, scale=0.1), normal(5), transB=1)
    g = case("flatten, normalize, then matmul")
    g.node("Flatten")
    g.node("BatchNormalization", normal(189), normal(189), normal(189), RNG.uniform(0.5, 2, 189).astype("float32"))
    g.node("MatMul", normal(189, 5, scale=0.1))
    g.node("Add", normal(5))
    g = case("flatten at the end")
    g.node("Flatten")
    g = case("reshape to a vector by a computed shape")
    g.node("Shape")
    g.node("Gather", ints(0), axis=0)
    g.node("Concat", inputs=[g.last, ints(-1)], axis=0)
    g.node("Reshape", inputs=["x", g.last])
    g.node("Gemm", normal(189, 5, scale=0.1), normal(1))
    g = case("channel shuffle", (6, 5, 4))
    g.node("Conv", normal(6, 6, 1, 1))
    g.node("Reshape", ints(0, 2, 3, 5, 4))
    g.node("Transpose", perm=[0, 2, 1, 3, 4])
    g.node("Reshape", ints(-1, 6, 5, 4))
    g.node("Conv", normal(4, 6, 3, 3))
    g = case("channels last as TensorFlow exports it", (9, 7, 3))
    g.node("Transpose", perm=[0, 3, 1, 2])
    g.node("Conv", normal(4, 3, 3, 3), pads=[0, 0, 1, 1], strides=[2, 2])
    g.node("Transpose", perm=[0, 2, 3, 1])
    g.node("Reshape", ints(-1, 48))
    g.node("MatMul", normal(48, 5, scale=0.1))
    g.node("Add", normal(5))
    g.node("Softmax")
    g = case("squeeze and excite")
    conv = g.node("Conv", normal(4, 3, 3, 3), normal(4))
    g.node("GlobalAveragePool")
    g.node("Squeeze", ints(2, 3))
    g.node("Gemm", normal(4, 4), normal(4))
    g.node("HardSigmoid", alpha=0.2, beta=0.4)
    g.node("Unsqueeze", ints(2, 3))
    g.node("Mul", inputs=[conv, g.last])
    g.node("ReduceMean", axes=[2, 3], keepdims=0)
    g = case("softmax over channels")
    g.node("Softmax", axis=1)
    g = case("softmax of an old version", opset=11)
    g.node("GlobalMaxPool")
    g.node("Flatten")
    g.node("Softmax")
    g = case("concat of channels and of rows")
    a = g.node("Conv", normal(4, 3, 1, 1))
    g.node("Concat", inputs=["x", a], axis=1)
    g.node("Concat", inputs=[g.last, g.last], axis=-2)
    g = case("arithmetic with constants")
    g.node("Sub", normal(3, 1, 1))
    g.node("Div", np.float32([[[0.5]], [[2]], [[3]]]))
    g.node("Mul", normal(1, 7))
    g.node("Sub", inputs=[np.float32(1), g.last])
    g.node("Add", normal(1, 3, 9, 1))
    g = case("arithmetic of tensors")
    a = g.node("Conv", normal(3, 3, 1, 1))
    b = g.node("Sigmoid", inputs=["x"])
    g.node("Sub", inputs=[a, b])
    g.node("Mul", inputs=[g.last, b])
    g.node("Max", inputs=[g.last, b, a])
    g.node("Min", inputs=[g.last, "x"])
    g.node("Sum", inputs=[g.last, a, b])
    g.node("Mean", inputs=[g.last, a])
    g = case("activations")
    for op, attributes in {
        "LeakyRelu": {"alpha": 0.3}, "Elu": {"alpha": 0.7}, "Selu": {}, "Tanh": {}, "Softplus": {}, "Softsign": {},
        "HardSwish": {}, "Sigmoid": {}, "Exp": {}, "Identity": {},
    }.items():
        g.node(op, **attributes)
    g = case("prelu")
    g.node("PRelu", normal(3, 1, 1))
    g.node("PRelu", np.float32([0.3]))
    g = case("clip as version 10 writes it", opset=10)
    g.node("Clip", min=0.0, max=6.0)
    g.node("Dropout", ratio=0.3)
    g.node("Clip", min=-3.4028234663852886e38, max=3.4028234663852886e38)
    g = case("gelu by erf")
    g.node("Div", np.float32(np.sqrt(2)))
    g.node("Erf")
    g.node("Add", np.float32(1))
    g.node("Mul", inputs=["x", g.last])
    g.node("Mul", np.float32(0.5))
    g = case("layer normalization over channels")
    g.node("Transpose", inputs=["x"], perm=[0, 2, 3, 1])
    g.node("LayerNormalization", normal(3), normal(3), axis=-1, epsilon=1e-6)
    g.node("Transpose", perm=[0, 3, 1, 2])
    g.node("Conv", normal(4, 3, 1, 1))
    g = case("pad, crop and slice")
    g.node("Pad", ints(0, 0, 1, -2, 0, 0, 0, 3))
    g.node("Slice", ints(1, -5), ints(2**63 - 1, 7), ints(2, 3))
    g.node("Conv", normal(4, 3, 2, 2))
    g = case("resize")
    g.node("Resize", "", np.float32([1, 1, 2, 3]), mode="nearest", coordinate_transformation_mode="asymmetric",
           nearest_mode="floor")
    g.node("Resize", "", np.float32([1, 1, 2, 2]), mode="linear")
    g = case("half precision weights")
    g.node("Cast", inputs=[g.hold(normal(4, 3, 3, 3).astype("float16"))], to=1)
    g.node("Conv", inputs=["x", g.last])
    g = case("sequences", (6, 5))
    g.node("MatMul", normal(5, 4))
    g.node("Add", normal(4))
    g.node("Transpose", perm=[0, 2, 1])
    g.node("MatMul", normal(6, 3))
    operators(case, normal)
    return cases


def by_hand(folder):
    found = []
    for index, (name, graph) in enumerate(made().items()):
        path = os.path.join(folder, f"made-{index}.onnx")
        model = graph.model()
        onnx.save(model, path)
        found.append(answered(name, path, normal(2, *graph.shape)))
    # Numbers beside the model, and numbers in float_data.
    graph = Graph((3, 9, 7))
    graph.node("Conv", normal(4, 3, 3, 3), normal(4))
    path = os.path.join(folder, "external.onnx")
    onnx.save(graph.model(), path, save_as_external_data=True, location="external.bin", size_threshold=0)
    found.append(answered("external data", path, normal(2, 3, 9, 7)))
    model = graph.model()
    for tensor in model.graph.initializer:
        array = numpy_helper.to_array(tensor)
        tensor.CopyFrom(helper.make_tensor(tensor.name, TensorProto.FLOAT, array.shape, array.flatten()))
    path = os.path.join(folder, "floats.onnx")
    onnx.save(model, path)
    found.append(answered("packed floats", path, normal(2, 3, 9, 7)))
    return found


def export(folder):
    warnings.simplefilter("ignore")
    found = by_hand(folder) + pytorch(folder)
    print(json.dumps(found))


# ------------------------------------------------------------------------------------------------------ Keras

# Name, size of the image, and whether with the head.
APPLICATIONS = [
    ("VGG16", 32, True),
    ("ResNet50", 64, False),
    ("InceptionV3", 96, False),
    ("MobileNetV2", 64, True),
]


def fill(model, seed=0):
    """Random statistics too, so that a weight in another's place shows."""
    import keras

    rng = np.random.default_rng(seed)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([rng.uniform(0.5, 1.5, w.shape).astype("float32") for w in layer.get_weights()])


def every_layer():
    """One small model with each layer that only some applications have."""
    from keras import Model, layers

    x = image = layers.Input((12, 10, 3), name="image")
    x = layers.Rescaling([0.5, 0.25, 2.0], offset=-1.0)(x)
    x = layers.SeparableConv2D(6, 3, padding="same", activation="silu")(x)
    x = layers.LeakyReLU(negative_slope=0.2)(x)
    x = layers.PReLU(shared_axes=[1, 2])(x)
    x = layers.Conv2D(6, 3, padding="same", dilation_rate=2, groups=2, activation="elu")(x)
    x = layers.ELU(alpha=0.5)(x)
    y = layers.GlobalAveragePooling2D(keepdims=True)(x)
    y = layers.Conv2D(6, 1, activation="hard_sigmoid")(y)
    x = layers.Multiply()([x, y])
    x = layers.Cropping2D(((1, 0), (0, 1)))(x)
    x = layers.Conv2DTranspose(4, 3, strides=2, padding="same")(x)
    x = layers.UpSampling2D((1, 2))(x)
    x = layers.AveragePooling2D(3, strides=2, padding="same")(x)
    x = layers.LayerNormalization()(x)
    a = layers.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=2, activation="tanh")(x)
    b = layers.Conv2D(8, 3, strides=2, padding="same", activation="softplus")(x)
    x = layers.Concatenate()([layers.Maximum()([a, b]), layers.Minimum()([a, b]), layers.Subtract()([a, b])])
    x = layers.Average()([x, layers.Permute((1, 2, 3))(x)])
    x = layers.Dense(5, activation="gelu")(x)
    x = layers.BatchNormalization(scale=False)(x)
    x = layers.ReLU(max_value=4.0)(x)
    z = layers.Permute((3, 1, 2))(x)
    z = layers.Reshape((5, -1))(z)
    z = layers.Dense(3, activation="selu")(z)
    z = layers.Flatten()(z)
    x = layers.Softmax()(x)
    x = layers.Flatten()(x)
    x = layers.Concatenate()([x, z])
    x = layers.Dropout(0.2)(x)
    x = layers.Dense(7, use_bias=False, activation="softmax")(x)
    return Model(image, x, name="every")


def signals():
    """Along one axis."""
    from keras import Model, layers

    x = signal = layers.Input((20, 3), name="signal")
    x = layers.ZeroPadding1D((1, 2))(x)
    x = layers.Conv1D(6, 3, padding="causal", dilation_rate=2, activation="relu")(x)
    x = layers.DepthwiseConv1D(3, padding="same", depth_multiplier=2)(x)
    x = layers.BatchNormalization()(x)
    x = layers.SeparableConv1D(5, 3, strides=2, padding="same")(x)
    x = layers.AveragePooling1D(2, padding="same")(layers.UpSampling1D(2)(x))
    x = layers.Conv1DTranspose(4, 3, strides=2, padding="same")(x)
    x = layers.Cropping1D((1, 2))(layers.MaxPooling1D(3, strides=1)(x))
    x = layers.GroupNormalization(2)(x)
    x = layers.UnitNormalization()(x)
    a, b = layers.GlobalAveragePooling1D(keepdims=True)(x), layers.GlobalMaxPooling1D()(x)
    x = layers.Concatenate()([layers.Flatten()(a), b])
    return Model(signal, layers.Dense(3)(x), name="signals")


def volumes():
    from keras import Model, layers

    x = volume = layers.Input((8, 7, 6, 2), name="volume")
    x = layers.ZeroPadding3D(((0, 1), (1, 0), (1, 1)))(x)
    x = layers.Conv3D(4, (3, 2, 3), strides=(2, 1, 1), padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.MaxPooling3D(2)(layers.Cropping3D(((0, 1), (1, 0), (0, 1)))(x))
    x = layers.UpSampling3D((1, 2, 1))(x)
    x = layers.AveragePooling3D(2, strides=1, padding="same")(x)
    x = layers.Conv3DTranspose(3, 2, strides=2)(x)
    x = layers.LayerNormalization()(x)
    x = layers.Concatenate()([layers.GlobalAveragePooling3D()(x), layers.GlobalMaxPooling3D()(x)])
    return Model(volume, x, name="volumes")


def channels_first():
    from keras import Model, layers

    first = {"data_format": "channels_first"}
    x = image = layers.Input((10, 9, 4), name="image")
    x = layers.ZeroPadding2D(1, **first)(x)
    x = layers.MaxPooling2D(2, strides=1, **first)(x)
    x = layers.UpSampling2D(2, **first)(x)
    x = layers.BatchNormalization(axis=1)(x)
    x = layers.AveragePooling2D(3, padding="same", **first)(x)
    a = layers.Flatten(**first)(x)
    return Model(image, layers.Concatenate()([a, layers.GlobalMaxPooling2D(**first)(x)]), name="channels_first")


def images():
    """What other images need than `every_layer` does."""
    from keras import Model, layers

    x = image = layers.Input((9, 8, 3), name="image")
    x = layers.Resizing(12, 11, interpolation="nearest")(x)
    x = layers.Resizing(7, 13)(x)
    x = layers.Conv2D(6, 3, padding="same")(x)
    x = layers.GroupNormalization(3)(x)
    x = layers.GroupNormalization(-1, scale=False)(x)
    x = layers.Conv2DTranspose(4, 3, strides=2, padding="same", output_padding=1)(x)
    x = layers.UnitNormalization(axis=[1, 2])(x)
    x = layers.RMSNormalization()(x)
    x = layers.LayerNormalization(axis=[2, 3])(x)
    return Model(image, x, name="images")


def recurrent_layers():
    from keras import Model, layers

    x = steps = layers.Input((7, 5), name="steps")
    x = layers.LSTM(4, return_sequences=True)(x)
    x = layers.GRU(3, return_sequences=True, go_backwards=True)(x)
    x = layers.GRU(4, return_sequences=True, reset_after=False, activation="relu")(x)
    x = layers.SimpleRNN(6, return_sequences=True, use_bias=False)(x)
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    x = layers.Bidirectional(layers.GRU(4, return_sequences=True), merge_mode="sum")(x)
    x = layers.MultiHeadAttention(2, 3, value_dim=5)(x, x)
    a = layers.Bidirectional(layers.SimpleRNN(2))(x)
    b = layers.Bidirectional(layers.LSTM(2), merge_mode="mul")(x)
    return Model(steps, layers.Concatenate()([a, b, layers.LSTM(3, go_backwards=True)(x)]), name="recurrent")


def words():
    from keras import Model, layers

    x = tokens = layers.Input((9,), name="tokens")
    x = layers.Embedding(20, 6)(x)
    x = layers.MultiHeadAttention(3, 4, use_bias=False)(x, x)
    x = layers.LayerNormalization()(x)
    return Model(tokens, layers.GlobalAveragePooling1D()(x), name="words")


OTHERS = [signals, volumes, channels_first, images, recurrent_layers, words]


def keras_models(folder):
    import keras

    found = []
    models = {"every": every_layer, **{make.__name__: make for make in OTHERS}}
    for name, size, top in APPLICATIONS:
        models[name] = lambda name=name, size=size, top=top: getattr(keras.applications, name)(
            weights=None, include_top=top, input_shape=(size, size, 3), **({"classes": 10} if top else {})
        )
    for name, make in models.items():
        keras.utils.set_random_seed(3)
        model = make()
        fill(model)
        path = os.path.join(folder, f"{name}.h5")
        model.save(path)
        array = normal(2, *model.input_shape[1:])
        if name == "words":
            array = RNG.integers(0, 20, array.shape).astype("float32")
        output = np.asarray(model(array, training=False))
        found.append({"name": name, "path": path, "input": packed(array), "output": packed(output)})
    print(json.dumps(found))


# ------------------------------------------------------------------------------------------------------ check


def check(file):
    with open(file, encoding="utf-8") as stream:
        entries = json.load(stream)
    outputs = []
    for entry in entries:
        onnx.checker.check_model(entry["path"], full_check=True)
        data = np.frombuffer(base64.b64decode(entry["input"]["data"]), dtype="float32")
        outputs.append(packed(run(entry["path"], data.reshape(entry["input"]["shape"]))))
    print(json.dumps(outputs))


if __name__ == "__main__":
    {"export": export, "keras": keras_models, "check": check}[sys.argv[1]](sys.argv[2])
