"""The operations on raw tensors for gradients.py: each with its configuration in the catalogue's words, its inputs, the same
computed by keras.ops, and the weights of that."""

import numpy as np
import tensorflow as tf
from keras import ops

UNARY = "absolute ceil cos erf expm1 floor logical_not round sign sin square trunc".split()
POSITIVE = "log log1p reciprocal rsqrt sqrt".split()
COMPARING = "equal greater greater_equal less less_equal not_equal logical_and logical_or".split()


def operations(numbers):
    for one in every(numbers):
        yield *one, *([{}] if len(one) == 4 else [])


def every(numbers):
    halves = lambda *shape: np.round(numbers(*shape) * 2).astype("float32") / 2
    positive = lambda *shape: np.abs(numbers(*shape)) + np.float32(0.5)
    cube = lambda: [numbers(2, 3, 4)]
    for name in UNARY + POSITIVE:
        made = positive if name in POSITIVE else numbers
        yield camel(name), {}, [made(3, 4)], getattr(ops, name)
    for name in ("absolute", "square", "sign"):
        yield camel(name), {}, [halves(3, 4)], getattr(ops, name)
    for name in COMPARING:
        yield camel(name), {}, [halves(3, 4), halves(4)], getattr(ops, name)
    for shape in ((3, 4), (4,), (3, 1)):
        yield "Divide", {}, [numbers(3, 4), positive(*shape)], ops.divide
        yield "FloorDivide", {}, [numbers(3, 4), positive(*shape)], ops.floor_divide
        yield "Mod", {}, [numbers(3, 4), positive(*shape)], ops.mod
        yield "Power", {}, [positive(3, 4), numbers(*shape)], ops.power
    yield "Power", {}, [np.float32([[0, -1, 2]]), np.float32([[2], [3]])], ops.power
    for axis, keepdims in (([1], False), ([0, 2], True), (None, False)):
        config = {"axis": axis, "keepdims": keepdims}
        over = None if axis is None else tuple(axis)
        for name in ("max", "mean", "min", "prod", "sum"):
            reduce = lambda x, name=name, over=over, keepdims=keepdims: getattr(ops, name)(x, axis=over, keepdims=keepdims)
            yield camel(name), config, cube(), reduce
            yield camel(name), config, [halves(2, 3, 4)], reduce
    yield "Where", {}, [halves(3, 4), numbers(3, 4), numbers(4)], lambda c, a, b: ops.where(c != 0, a, b)
    for mode in ("constant", "reflect", "symmetric"):
        width = [[0, 0], [1, 2], [2, 0]]
        yield "Pad", {"pad_width": width, "mode": mode}, cube(), lambda x, width=width, mode=mode: ops.pad(x, width, mode)
    value = {"value": numbers(1, 4)}
    yield "Constant", {"shape": [1, 4]}, [numbers(3, 2)], lambda x, value: ops.tile(value, (3, 1)), value
    yield "Constant", {"shape": [1, 4]}, [], lambda value: value * 1, value
    yield "Constant", {"shape": [3], "value": [1, 2, 3]}, [], lambda: ops.convert_to_tensor([1.0, 2, 3])
    yield "TensorReshape", {"shape": [4, -1]}, cube(), lambda x: ops.reshape(x, (4, -1))
    yield "Transpose", {"axes": [2, 0, 1]}, cube(), lambda x: ops.transpose(x, (2, 0, 1))
    yield "ExpandDims", {"axis": -2}, cube(), lambda x: ops.expand_dims(x, -2)
    yield "Squeeze", {"axis": [1]}, [numbers(3, 1, 2)], lambda x: ops.squeeze(x, 1)
    yield "Tile", {"repeats": [2, 1, 3]}, cube(), lambda x: ops.tile(x, (2, 1, 3))
    yield "Take", {"indices": [2, 0, 0, -1], "axis": 1}, cube(), lambda x: ops.take(x, [2, 0, 0, 2], axis=1)
    stretch = lambda start, stop, step: {"start": start, "stop": stop, "step": step}
    yield "GetItem", {"key": [stretch(None, None, None), -1, stretch(0, 4, 2)]}, cube(), lambda x: x[:, -1, 0:4:2]
    yield "GetItem", {"key": [1, stretch(None, None, -1)]}, cube(), lambda x: x[1, ::-1]
    yield "Stack", {"axis": -1}, [numbers(3, 4), numbers(3, 4)], lambda *all: ops.stack(all, -1)
    yield "Split", {"sizes": [1, 3], "axis": 2}, cube(), lambda x: ops.split(x, [1], 2)
    yield "Unstack", {"num": 3, "axis": 1}, cube(), lambda x: ops.unstack(x, 3, 1)
    yield "Matmul", {}, [numbers(2, 1, 3, 4), numbers(5, 4, 2)], ops.matmul
    turned = lambda a, b: ops.matmul(ops.swapaxes(a, -1, -2), ops.swapaxes(b, -1, -2))
    yield "Matmul", {"transpose_a": True, "transpose_b": True}, [numbers(2, 4, 3), numbers(2, 5, 4)], turned
    for subscripts in ("abc,cd->abd", "abc,ac->b", "ab,c->cab"):
        shapes = {"abc,cd->abd": ((2, 3, 4), (4, 5)), "abc,ac->b": ((2, 3, 4), (2, 4)), "ab,c->cab": ((2, 3), (4,))}
        inputs = [numbers(*shape) for shape in shapes[subscripts]]
        yield "Einsum", {"subscripts": subscripts}, inputs, lambda a, b, subscripts=subscripts: ops.einsum(subscripts, a, b)
    for inputs in (numbers(3, 4), halves(3, 4)):
        yield "Clip", {"x_min": -0.5, "x_max": 1}, [inputs], lambda x: ops.clip(x, -0.5, 1)
    for name in ("power", "divide", "floor_divide", "mod"):
        compute = getattr(ops, name)
        ahead = {"operation": camel(name), "number": 1.5, "number_first": True}
        yield "NumberOperation", ahead, [positive(3, 4)], lambda x, compute=compute: compute(1.5, x)
        behind = {**ahead, "number_first": False}
        yield "NumberOperation", behind, [positive(3, 4)], lambda x, compute=compute: compute(x, 1.5)
    yield from resizings(numbers)


def resizings(numbers):
    for interpolation in ("nearest", "bilinear"):
        for corners in (False, True):
            config = {"height": 4, "width": 9, "interpolation": interpolation, "align_corners": corners}
            resize = getattr(tf.compat.v1.image, f"resize_{'nearest_neighbor' if interpolation == 'nearest' else interpolation}")
            compute = lambda x, resize=resize, corners=corners: resize(x, (4, 9), align_corners=corners)
            yield "ResizeByEdges", config, [numbers(2, 5, 6, 3)], compute


def camel(name):
    return "".join(part.capitalize() for part in name.split("_"))
