"""Real Keras's and onnxruntime's part of operationWriting.test.ts: opens models and feeds them.

    operationWriting.py FOLDER    for each NAME.json, `{ model, inputs }`, prints what the model beside it answers
"""

import json
import os
import sys

import keras
import numpy as np
import onnxruntime


def predict(path, inputs):
    if path.endswith(".onnx"):
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        return session.run(None, {taken.name: x for taken, x in zip(session.get_inputs(), inputs)})
    model = keras.models.load_model(path, compile=False)
    return keras.tree.flatten(model(inputs if len(inputs) > 1 else inputs[0], training=False))


def answer(folder, name):
    with open(os.path.join(folder, name)) as file:
        case = json.load(file)
    inputs = [np.array(x["data"], "float32").reshape(x["shape"]) for x in case["inputs"]]
    try:
        found = predict(os.path.join(folder, case["model"]), inputs)
    except Exception as error:
        return {"failed": f"{type(error).__name__}: {error}"}
    outputs = [np.asarray(y).astype("float32") for y in found]
    return {"outputs": [{"shape": list(y.shape), "data": y.ravel().astype("float64").tolist()} for y in outputs]}


folder = sys.argv[1]
names = sorted(name for name in os.listdir(folder) if name.endswith(".json"))
print(json.dumps({name[:-5]: answer(folder, name) for name in names}))
