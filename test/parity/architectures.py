"""Real Keras's part of architectures.test.ts.

    architectures.py TABLE FOLDER     saves the models of the table in its formats, with what Keras makes of one input

Writes CASE.h5, CASE.keras, CASE.x.npy, CASE.y.npy and, last, CASE.json with the number of parameters. What was written by
this script, this row of the table and these versions before is kept, and what the table does not name is removed.
"""

import hashlib
import importlib.metadata
import json
import pathlib
import sys

HERE = pathlib.Path(__file__)
VERSIONS = [f"{name} {importlib.metadata.version(name)}" for name in ("keras", "tensorflow-cpu", "numpy", "h5py")]


def fingerprint(row):
    asked = {key: value for key, value in row.items() if key not in ("tolerance", "reason")}
    text = json.dumps([asked, VERSIONS], sort_keys=True).encode() + HERE.read_bytes()
    return hashlib.sha256(text).hexdigest()


def is_there(row, folder):
    found = folder / f"{row['case']}.json"
    files = [folder / f"{row['case']}.{end}" for end in (*row["formats"], "x.npy", "y.npy", "json")]
    return all(map(pathlib.Path.exists, files)) and json.loads(found.read_text())["fingerprint"] == fingerprint(row)


def randomize(model, rng):
    """Weights that begin alike are made to differ, so that one in another's place shows.

    Factors of a mean above 0.7 make deep EfficientNets grow without bound: a change of the input by 1e-6 of it is then one
    of the output by half of it, in Keras itself.
    """
    for weight in model.weights:
        values = weight.numpy()
        name = weight.path.rsplit("/", 1)[-1]
        if name in ("gamma", "moving_variance", "variance") or name.startswith("variable"):
            low, high = (0.4, 1.0) if name == "gamma" else (0.5, 1.5)
            weight.assign(rng.uniform(low, high, values.shape))
        elif values.ndim == 1:
            weight.assign(rng.normal(0, 0.1, values.shape))


def save(row, folder):
    import keras
    import numpy as np

    keras.utils.clear_session()
    keras.utils.set_random_seed(1)
    rng = np.random.default_rng(1)
    top = {"include_top": True, "classes": 10, "classifier_activation": None} if row.get("top") else {"include_top": False}
    shape = (row["size"], row["size"], 3)
    model = getattr(keras.applications, row["case"])(weights=None, input_shape=shape, **top)
    randomize(model, rng)
    x = rng.uniform(0, 255, (1, *shape)).astype("float32")
    has_own_scale = any(type(layer).__name__ in ("Rescaling", "Normalization") for layer in model.layers)
    x = x if has_own_scale else x / 127.5 - 1
    y = np.asarray(model(x, training=False))
    for format in row["formats"]:
        model.save(folder / f"{row['case']}.{format}")
    np.save(folder / f"{row['case']}.x.npy", x)
    np.save(folder / f"{row['case']}.y.npy", y)
    made = {"fingerprint": fingerprint(row), "parameters": model.count_params()}
    (folder / f"{row['case']}.json").write_text(json.dumps(made))


def main(table, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rows = json.loads(pathlib.Path(table).read_text())
    for path in folder.iterdir():
        if path.name.split(".")[0] not in [row["case"] for row in rows]:
            path.unlink()
    for row in rows:
        if not is_there(row, folder):
            (folder / f"{row['case']}.json").unlink(missing_ok=True)
            save(row, folder)


main(*sys.argv[1:])
