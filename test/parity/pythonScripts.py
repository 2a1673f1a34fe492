"""Runs scripts that Model Surgery wrote and says what their models are.

    pythonScripts.py SCRIPT FILE…    prints one line of JSON: for each script its model, compared with the one that
                                     Model Surgery made, in FILE; "-" for none
"""

import contextlib
import json
import runpy
import sys

import keras
import numpy as np


def describe(model):
    return {
        "name": model.name,
        "layers": [describe_layer(layer) for layer in model.layers],
        "operations": [
            op.name for op in getattr(model, "operations", []) if not isinstance(op, keras.Layer)
        ],
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


def compare(model, ours):
    """Which layers start anew, and how far predictions are apart once they have the weights of ours."""
    fresh, described = [], {layer.name: layer for layer in model.layers}
    for layer in ours.layers:
        if layer.name not in described or not layer.weights:
            continue
        here, there = layer.get_weights(), described[layer.name].get_weights()
        if any(a.shape != b.shape or not np.array_equal(a, b) for a, b in zip(here, there, strict=True)):
            fresh.append(layer.name)
            described[layer.name].set_weights(here)
    rng = np.random.default_rng(1)
    samples = [rng.uniform(0, 1, (2, *[size or 8 for size in x.shape[1:]])).astype("float32") for x in model.inputs]
    pairs = zip(keras.tree.flatten(model(samples)), keras.tree.flatten(ours(samples)), strict=True)
    difference = max(float(np.max(np.abs(np.asarray(a) - np.asarray(b)))) for a, b in pairs)
    return {"fresh": fresh, "difference": difference}


def run(script, file):
    with contextlib.redirect_stdout(sys.stderr):
        done = runpy.run_path(script)
    model = done["model"]
    history = model.history.history if getattr(model, "history", None) else {}
    described = {**describe(model), "history": sorted(history), "epochs": len(history.get("loss", []))}
    if file != "-":
        described.update(compare(model, keras.saving.load_model(file, compile=False)))
    return described


given = sys.argv[1:]
print(json.dumps([run(*pair) for pair in zip(given[::2], given[1::2], strict=True)]))
