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
    *(
        (kind, {**arguments, "output_mode": mode}, [shape])
        for kind, arguments in (
            ("Discretization", {"bin_boundaries": [0.0, 1.0, 2.0]}),
            ("IntegerLookup", {"vocabulary": [3, 5, 9]}),
            ("StringLookup", {"vocabulary": ["a", "b"]}),
        )
        for mode in ("int", "one_hot", "multi_hot", "count")
        for shape in ((None, 5), (None, 1))
    ),
    *(("CategoryEncoding", {"num_tokens": 6, "output_mode": mode}, [(None, 5)]) for mode in ("one_hot", "multi_hot", "count")),
    ("CategoryEncoding", {"num_tokens": 6, "output_mode": "one_hot"}, [(None, 5, 1)]),
    ("Discretization", {"num_bins": 7, "output_mode": "one_hot"}, [(None, 5)]),
    ("Hashing", {"num_bins": 6}, [(None, 5)]),
    ("Hashing", {"num_bins": 6, "salt": 3, "output_mode": "one_hot"}, [(None, 1)]),
    ("Hashing", {"num_bins": 6, "output_mode": "count"}, [(None, 5)]),
    ("HashedCrossing", {"num_bins": 6}, [(None, 1), (None, 1)]),
    ("HashedCrossing", {"num_bins": 6, "output_mode": "one_hot"}, [(None, 1), (None, 1)]),
    ("IntegerLookup", {"max_tokens": 9, "pad_to_max_tokens": True, "output_mode": "multi_hot"}, [(None, 5)]),
    ("IntegerLookup", {"vocabulary": [-1, 7], "mask_token": 0, "output_mode": "one_hot"}, [(None, 5)]),
    ("StringLookup", {"vocabulary": ["", "[UNK]", "a"], "mask_token": ""}, [(None, 5)]),
    ("TextVectorization", {"output_sequence_length": 9}, [(None, 1)]),
    ("TextVectorization", {"output_sequence_length": 9}, [(None,)]),
    ("TextVectorization", {"max_tokens": 9, "output_mode": "multi_hot", "pad_to_max_tokens": True}, [(None,)]),
    ("TextVectorization", {"max_tokens": 9, "output_mode": "count", "pad_to_max_tokens": True, "split": None}, [(None, 1)]),
    ("STFTSpectrogram", {"frame_length": 16, "window": None}, [(None, 100, 2)]),
    ("STFTSpectrogram", {"frame_length": 10, "frame_step": 3, "mode": "stft", "window": None, "scaling": None}, [(None, 100, 2)]),
    ("STFTSpectrogram", {"frame_length": 16, "padding": "same", "expand_dims": True, "window": None}, [(None, 100, 2)]),
    ("STFTSpectrogram", {"frame_length": 16, "data_format": "channels_first", "window": None, "mode": "imag"}, [(None, 2, 100)]),
    ("MelSpectrogram", {"fft_length": 128, "sequence_stride": 50}, [(None, 900)]),
    ("MelSpectrogram", {"fft_length": 128, "window": None, "max_freq": 4000}, [(None, None)]),
]

if __name__ == "__main__":
    rows = [json.dumps(shapes.measure(kind, arguments, [list(shape) for shape in inputs])) for kind, arguments, inputs in CASES]
    (FOLDER / "preprocessing-shapes.json").write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")
