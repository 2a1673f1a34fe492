"""Writes what real Keras makes of preprocessing layers, as layer-shapes.py does of all others.

    python test/golden/preprocessing-shapes.py     rewrites test/golden/preprocessing-shapes.json
"""

import importlib.util
import json
import pathlib

FOLDER = pathlib.Path(__file__).parent
spec = importlib.util.spec_from_file_location("layer_shapes", FOLDER / "layer-shapes.py")
shapes = importlib.util.module_from_spec(spec)
spec.loader.exec_module(shapes)

IMAGE, FIRST, OPEN = shapes.IMAGE, shapes.FIRST, shapes.OPEN

CASES = [
    ("RandomCrop", {"height": 20, "width": 22, "seed": 1}, [IMAGE]),
    ("RandomCrop", {"height": 40, "width": 8, "seed": 1}, [OPEN]),
    ("RandomCrop", {"height": 20, "width": 10, "seed": 1, "data_format": "channels_first"}, [FIRST]),
    ("RandomShear", {"x_factor": 0.2}, [IMAGE]),
    ("RandomShear", {"x_factor": (0.1, 0.3), "y_factor": 0.0}, [IMAGE]),
    ("Solarization", {"addition_factor": 0.3, "threshold_factor": (0.7, 0.2)}, [IMAGE]),
    ("AutoContrast", {"value_range": (1, -1)}, [FIRST]),
    ("Equalization", {"bins": 64}, [IMAGE]),
    ("ContrastLimitedAdaptiveHistogramEqualization", {"tile_grid_size": (4, 3), "clip_limit": 2.0}, [IMAGE]),
    ("MaxNumBoundingBoxes", {"max_number": 3}, [IMAGE]),
]

if __name__ == "__main__":
    rows = [json.dumps(shapes.measure(kind, arguments, [list(shape) for shape in inputs])) for kind, arguments, inputs in CASES]
    (FOLDER / "preprocessing-shapes.json").write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")
