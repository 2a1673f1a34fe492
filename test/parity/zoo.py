"""Real Keras's part of zoo.test.ts.

    zoo.py structures TABLE OUT    writes what Keras makes of each case of TABLE, a line each: the model's configuration, its
                                   parameters, the file of published weights it asks for, and what its preprocessing
                                   makes of a pixel. No weight gets a value and
                                   nothing is downloaded: what is asked of Keras is structure.
    zoo.py outputs TABLE FOLDER    writes NAME.h5 of each case, random weights laid out as the published ones are, and
                                   NAME-HEIGHTxWIDTH.x.npy and .y.npy, two images and what the model with those weights
                                   makes of them. What was made before is kept.
    zoo.py serve FOLDER            the same of each case that is a line of stdin, when it comes, answered by a line
"""

import hashlib
import importlib.metadata
import json
import pathlib
import sys

import h5py
import keras
import numpy as np
from keras.src.backend.common.stateless_scope import StatelessScope
from keras.src.legacy.saving import legacy_h5_format
from keras.src.utils import file_utils

from zoo_random import SMALL_SHARE, images, offset, scale, variance


# Red, green and blue, as zoo.test.ts has them too.
PIXEL = (10, 120, 250)


def structure(case):
    asked = {}

    def get_file(file, url, file_hash=None, **_):
        asked.update(file=file, url=url, hash=file_hash)
        return file

    keras.utils.clear_session()
    options = {key: tuple(value) if isinstance(value, list) else value for key, value in case["options"].items()}
    file_utils.get_file = get_file
    keras.Model.load_weights = lambda *_: None
    with StatelessScope(initialize_variables=False):
        model = getattr(keras.applications, case["name"])(**options)
    module = sys.modules[getattr(keras.applications, case["name"]).__module__]
    preprocessed = module.preprocess_input(np.array([[[PIXEL]]], "float32"), data_format="channels_last")
    made = {"parameters": model.count_params(), "json": model.to_json(), "asked": asked}
    return {**made, "preprocessed": preprocessed.ravel().tolist()}


def structures(table, out):
    with open(out, "w") as file:
        for case in json.loads(pathlib.Path(table).read_text()):
            file.write(json.dumps(structure(case)) + "\n")


def leaves(model):
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from leaves(layer)
        else:
            yield layer


def finalize(model):
    """Has Normalization compute with the weights that it was given, as loading them does."""
    for layer in leaves(model):
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()


def added(model):
    """The layers whose outputs are added to what passes them by."""
    def source(tensor):
        layer = tensor._keras_history.operation
        return source(layer.input) if isinstance(layer, keras.layers.Dropout) else layer

    for layer in model.layers:
        if isinstance(layer, keras.layers.Add):
            weighted = [one for one in map(source, layer.input) if one.weights]
            if len(weighted) == 1:
                yield weighted[0]


def randomize(model, rng, pictures):
    """See zoo_random.py. Kernels stay as Keras starts them, somewhat larger: half of what they say is rectified away."""
    for weight in model.weights:
        name = weight.path.rsplit("/", 1)[-1]
        # ConvNeXt's LayerScale gives its weight no name; mean and variance are those of Normalization.
        if name in ("gamma", "variance") or name.startswith("variable"):
            weight.assign(scale(rng, weight.shape))
        elif name in ("beta", "bias", "mean"):
            weight.assign(offset(rng, weight.shape))
        elif name.endswith("kernel"):
            weight.assign(weight * 2**0.5)
    if model.name.startswith(("resnet", "efficientnet")):
        for layer in added(model):
            for weight in layer.trainable_weights:
                weight.assign(weight * SMALL_SHARE)
    finalize(model)
    norms = [layer for layer in leaves(model) if isinstance(layer, keras.layers.BatchNormalization)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = 0.0
    model(pictures, training=True)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
        norm.moving_variance.assign(variance(rng, norm.moving_variance.numpy()))


def fingerprint(case):
    """What was made by these scripts, for this case, with these versions is not made again."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("keras", "tensorflow-cpu", "numpy", "h5py")]
    here = pathlib.Path(__file__)
    scripts = [here.read_bytes(), here.with_name("zoo_random.py").read_bytes()]
    return hashlib.sha256(json.dumps([case, versions]).encode() + b"".join(scripts)).hexdigest()


def answer(case, folder):
    """How many parameters `case["name"]` has, and by what it was made: `{ "parameters", "framework" }`."""
    file_utils.get_file = lambda file, *_, **__: file
    keras.Model.load_weights = lambda *_: None
    folder, name, low_high = pathlib.Path(folder), case["name"], case["range"]
    rng = np.random.default_rng(1)
    weights = None
    for height, width in case["sizes"]:
        keras.utils.clear_session()
        keras.utils.set_random_seed(1)
        model = getattr(keras.applications, name)(input_shape=(height, width, 3), **case["options"])
        if weights is None:
            randomize(model, rng, images(rng, 4, height, width, *low_high))
            weights = model.get_weights()
            with h5py.File(folder / f"{name}.h5", "w") as file:
                legacy_h5_format.save_weights_to_hdf5_group(file, model)
        else:
            model.set_weights(weights)
            finalize(model)
        x = images(rng, 2, height, width, *low_high)
        np.save(folder / f"{name}-{height}x{width}.x.npy", x)
        np.save(folder / f"{name}-{height}x{width}.y.npy", np.asarray(model(x, training=False)))
    return {"parameters": model.count_params(), "framework": f"Keras {keras.__version__}"}


def outputs(table, folder):
    for case in json.loads(pathlib.Path(table).read_text()):
        kept = pathlib.Path(folder) / f"{case['name']}.json"
        if kept.exists() and kept.read_text() == fingerprint(case):
            continue
        kept.unlink(missing_ok=True)
        answer(case, folder)
        kept.write_text(fingerprint(case))


def serve(folder):
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), folder)), flush=True)


{"structures": structures, "outputs": outputs, "serve": serve}[sys.argv[1]](*sys.argv[2:])
