"""Runs scripts that Model Surgery wrote and says what their models are.

    pythonScripts.py SCRIPT…    prints one line of JSON: for each script its model
"""

import contextlib
import json
import runpy
import sys

import numpy as np


def describe(model):
    return {
        "name": model.name,
        "layers": [describe_layer(layer) for layer in model.layers],
        "outputs": [list(output.shape) for output in model.outputs],
        "total": model.count_params(),
        "trainable": sum(int(np.prod(w.shape)) for w in model.trainable_weights),
    }


def describe_layer(layer):
    return {
        "name": layer.name,
        "kind": type(layer).__name__,
        "params": layer.count_params(),
        "trainable": layer.trainable,
        "sums": {w.name: float(np.sum(w.numpy(), dtype=np.float64)) for w in layer.weights},
    }


def run(script):
    with contextlib.redirect_stdout(sys.stderr):
        done = runpy.run_path(script)
    model = done["model"]
    history = model.history.history if getattr(model, "history", None) else {}
    return {**describe(model), "history": sorted(history), "epochs": len(history.get("loss", []))}


print(json.dumps([run(script) for script in sys.argv[1:]]))
