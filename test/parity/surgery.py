"""Real Keras's answers of the models that surgery left: surgery.py FOLDER

For each NAME.h5 and NAME.keras in FOLDER beside an X-NAME.npy: NAME.h5.npy, NAME.keras.npy, its first output.
"""

import pathlib
import sys

import keras
import numpy as np

folder = pathlib.Path(sys.argv[1])
for path in sorted([*folder.glob("*.h5"), *folder.glob("*.keras")]):
    inputs = folder / f"X-{path.stem}.npy"
    if not inputs.exists():
        continue
    keras.utils.clear_session()
    model = keras.models.load_model(path, compile=False)
    outputs = model(np.load(inputs), training=False)
    first = outputs[0] if isinstance(outputs, (list, tuple)) else outputs
    np.save(folder / f"{path.name}.npy", np.asarray(first))
