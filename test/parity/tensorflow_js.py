"""TensorFlow.js graph models as tensorflowjs_converter writes them, which pip cannot install beside this TensorFlow.

Follows tensorflowjs/converters/tf_saved_model_conversion_v2.py and write_weights.py: freeze, let Grappler fold and fuse,
move the numbers of constants into shards, write the rest as protobuf's JSON.
"""

import json
import os

import numpy as np
import tensorflow as tf
from google.protobuf.json_format import MessageToDict
from tensorflow.core.protobuf import config_pb2, meta_graph_pb2
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
from tensorflow.python.grappler import tf_optimizer

SHARD_BYTES = 4 * 2**20
CLEARED = ("tensor_content", "half_val", "float_val", "double_val", "int_val", "string_val", "int64_val", "bool_val")
PASSES = ("pruning", "constfold", "arithmetic", "dependency", "pruning", "remap", "constfold", "arithmetic", "dependency")


def optimize(frozen, signature):
    config = config_pb2.ConfigProto()
    config.graph_options.rewrite_options.optimizers[:] = PASSES
    config.graph_options.rewrite_options.meta_optimizer_iterations = 1
    graph_def = frozen.graph.as_graph_def()
    meta = tf.compat.v1.train.export_meta_graph(graph_def=graph_def, graph=frozen.graph)
    meta.signature_def["not_used_key"].CopyFrom(signature)
    return tf_optimizer.OptimizeGraph(config, meta)


def signature_of(frozen):
    signature = meta_graph_pb2.SignatureDef()
    for group, tensors in (("inputs", frozen.inputs), ("outputs", frozen.outputs)):
        for tensor in tensors:
            info = getattr(signature, group)[tensor.name.split(":")[0]]
            info.name = tensor.name
            info.dtype = tensor.dtype.as_datatype_enum
            info.tensor_shape.CopyFrom(tensor.shape.as_proto())
    return signature


def quantize(data):
    """write_weights.py, quantize_weights: zero stays zero."""
    low, high = min(float(data.min()), 0.0), max(float(data.max()), 0.0)
    if low == high:
        return np.zeros(data.shape, "uint8"), 1.0, low
    scale = (high - low) / 255
    zero = round(-low / scale)
    low = -zero * scale
    return np.clip(np.round((data - low) / scale), 0, 255).astype("uint8"), scale, low


def write(function, spec, folder, quantized=False):
    """Writes the graph model, and returns what real TensorFlow computes with the numbers in it."""
    os.makedirs(folder, exist_ok=True)
    frozen = convert_variables_to_constants_v2(tf.function(function).get_concrete_function(spec))
    signature = signature_of(frozen)
    graph = optimize(frozen, signature)
    blobs, weights = [], []
    for node in graph.node:
        if node.op != "Const":
            continue
        data = tf.make_ndarray(node.attr["value"].tensor)
        data = data.astype("int32") if data.dtype == np.int64 else data
        entry = {"name": node.name, "shape": list(data.shape), "dtype": data.dtype.name}
        if quantized and data.dtype == np.float32:
            stored, scale, low = quantize(data)
            entry["quantization"] = {"dtype": "uint8", "min": low, "scale": scale, "original_dtype": "float32"}
            restored = stored.astype("float32") * np.float32(scale) + np.float32(low)
            node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(restored))
            data = stored
        weights.append(entry)
        blobs.append(data.tobytes())
    predict = tf.compat.v1.wrap_function(lambda: tf.compat.v1.import_graph_def(graph, name=""), [])
    predict = predict.prune([frozen.inputs[0].name], [frozen.outputs[0].name])
    stripped = type(graph)()
    stripped.CopyFrom(graph)
    for node in stripped.node:
        if node.op == "Const":
            for field in CLEARED:
                node.attr["value"].tensor.ClearField(field)
    blob = b"".join(blobs)
    count = max(1, -(-len(blob) // SHARD_BYTES))
    paths = [f"group1-shard{index + 1}of{count}.bin" for index in range(count)]
    for index, path in enumerate(paths):
        with open(os.path.join(folder, path), "wb") as file:
            file.write(blob[index * SHARD_BYTES : (index + 1) * SHARD_BYTES])
    model = {
        "format": "graph-model",
        "generatedBy": tf.__version__,
        "convertedBy": "TensorFlow.js Converter v4.22.0",
        "signature": MessageToDict(signature),
        "modelTopology": MessageToDict(stripped),
        "weightsManifest": [{"paths": paths, "weights": weights}],
    }
    with open(os.path.join(folder, "model.json"), "w") as file:
        json.dump(model, file)
    return lambda x: predict(tf.constant(x))[0].numpy()
