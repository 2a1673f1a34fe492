"""Real Keras's part of zoo.test.ts.

    zoo.py structures TABLE OUT    writes what Keras makes of each case of TABLE, a line each: the model's configuration, its
                                   parameters, and the file of published weights it asks for. No weight gets a value and
                                   nothing is downloaded: what is asked of Keras is structure.
    zoo.py outputs TABLE FOLDER    writes NAME.h5 of each case, random weights laid out as the published ones are, and
                                   NAME-SIZE.x.npy and NAME-SIZE.y.npy, what the model with those weights makes of an image. What was
                                   made before is kept.
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
    return {"parameters": model.count_params(), "json": model.to_json(), "asked": asked}


def structures(table, out):
    with open(out, "w") as file:
        for case in json.loads(pathlib.Path(table).read_text()):
            file.write(json.dumps(structure(case)) + "\n")


def randomize(model, rng):
    """Weights that begin alike are made to differ, so that one in another's place shows; see architectures.py."""
    for weight in model.weights:
        values = weight.numpy()
        name = weight.path.rsplit("/", 1)[-1]
        if name in ("gamma", "moving_variance", "variance") or name.startswith("variable"):
            low, high = (0.4, 1.0) if name == "gamma" else (0.5, 1.5)
            weight.assign(rng.uniform(low, high, values.shape))
        elif values.ndim == 1:
            weight.assign(rng.normal(0, 0.1, values.shape))


def fingerprint(case):
    """What was made by this script, for this case, with these versions is not made again."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("keras", "tensorflow-cpu", "numpy", "h5py")]
    return hashlib.sha256(json.dumps([case, versions]).encode() + pathlib.Path(__file__).read_bytes()).hexdigest()


def outputs(table, folder):
    folder = pathlib.Path(folder)
    file_utils.get_file = lambda file, *_, **__: file
    keras.Model.load_weights = lambda *_: None
    for case in json.loads(pathlib.Path(table).read_text()):
        kept = folder / f"{case['name']}.json"
        if kept.exists() and kept.read_text() == fingerprint(case):
            continue
        kept.unlink(missing_ok=True)
        rng = np.random.default_rng(1)
        weights = None
        for size in case["sizes"]:
            keras.utils.clear_session()
            keras.utils.set_random_seed(1)
            model = getattr(keras.applications, case["name"])(input_shape=(size, size, 3), **case["options"])
            if weights is None:
                randomize(model, rng)
                weights = model.get_weights()
                with h5py.File(folder / f"{case['name']}.h5", "w") as file:
                    legacy_h5_format.save_weights_to_hdf5_group(file, model)
            else:
                model.set_weights(weights)
            x = rng.uniform(*case["range"], (1, size, size, 3)).astype("float32")
            np.save(folder / f"{case['name']}-{size}.x.npy", x)
            np.save(folder / f"{case['name']}-{size}.y.npy", np.asarray(model(x, training=False)))
        kept.write_text(fingerprint(case))


{"structures": structures, "outputs": outputs}[sys.argv[1]](*sys.argv[2:])
