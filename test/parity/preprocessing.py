"""What real Keras computes for preprocessing layers, as forwards.py does for all others.

    .cache/python/bin/python test/parity/preprocessing.py      writes preprocessing.json beside itself
"""

import json
import pathlib

import keras
import numpy as np
from forwards import case
from keras import layers

RANDOM = np.random.default_rng(21)


def cases():
    image = lambda: [RANDOM.integers(0, 256, (2, 5, 6, 3)).astype("float32")]
    yield layers.RandomCrop(3, 4, seed=1), image()
    yield layers.Solarization(0.2, 0.3), image()
    yield layers.Equalization(), image()
    yield layers.AutoContrast(), image()
    yield layers.ContrastLimitedAdaptiveHistogramEqualization(tile_grid_size=(2, 2)), image()
    yield layers.MaxNumBoundingBoxes(3), image()
    number = lambda: [np.round(RANDOM.standard_normal((4, 5)), 2).astype("float32")]
    whole = lambda least=0, most=9: [RANDOM.integers(least, most, (4, 5)).astype("int64")]
    column = lambda: [RANDOM.integers(0, 9, (6, 1)).astype("int64")]
    boundaries = [-0.5, 0.0, 0.25, 1.0]
    for mode in ("int", "one_hot", "multi_hot", "count"):
        yield layers.Discretization(boundaries, output_mode=mode), number()
        yield layers.IntegerLookup(vocabulary=[3, 5, 1], output_mode=mode), whole()
    adapted = layers.Discretization(num_bins=4)
    adapted.adapt(RANDOM.standard_normal(100))
    yield adapted, number()
    for mode in ("one_hot", "multi_hot", "count"):
        yield layers.CategoryEncoding(9, output_mode=mode), whole()
        yield layers.Hashing(7, output_mode=mode), column()
    yield layers.CategoryEncoding(9, output_mode="one_hot"), column()
    yield layers.IntegerLookup(vocabulary=[3, 5, 1], mask_token=0, num_oov_indices=3), whole(-5)
    yield layers.IntegerLookup(vocabulary=[0, -1, 4, 6], mask_token=0), whole()
    yield layers.IntegerLookup(vocabulary=[3, 5, 1], mask_token=3 + 4, output_mode="multi_hot"), whole()
    yield layers.IntegerLookup(vocabulary=[3, 5], num_oov_indices=4, oov_method="farmhash"), whole()
    yield layers.IntegerLookup(vocabulary=[3, 5], num_oov_indices=4, oov_method="farmhash", salt=9), whole()
    yield layers.IntegerLookup(vocabulary=[30, 50, 10], invert=True, mask_token=0), whole(0, 6)
    yield layers.IntegerLookup(vocabulary=[3, 5], max_tokens=6, pad_to_max_tokens=True, output_mode="count"), whole()
    lengths = [np.array([[0, -7, 12, 345, -6789, 10**5, 1234567, -7654321]], dtype="int64")]
    yield layers.Hashing(1000), lengths
    # As whole numbers they have 9 to 20 digits.
    yield layers.Hashing(2**20), [np.array([[1e8, 3e9, -2e10, 1e12, 1e15, 1e16, 2e17, 1e18, -9e18]], dtype="float32")]
    yield layers.Hashing(10, mask_value=3), whole()
    yield layers.Hashing(1000, salt=[133, 137]), lengths
    sound = lambda channels, samples=70: [RANDOM.standard_normal((2, samples, channels)).astype("float32")]
    # Windows by name are made by SciPy, which is not there; the numbers of one are the same to the layer.
    window = np.hanning(16).round(4).tolist()
    for mode in ("log", "magnitude", "psd", "real", "imag", "angle", "stft"):
        yield layers.STFTSpectrogram(mode, frame_length=16, window=window), sound(1)
        yield layers.STFTSpectrogram(mode, frame_length=10, frame_step=3, fft_length=32, window=None, padding="same"), sound(2)
    for format in ("channels_last", "channels_first"):
        wide = {"frame_length": 8, "window": None, "scaling": None, "data_format": format}
        yield layers.STFTSpectrogram("magnitude", expand_dims=True, **wide), sound(20, 20)
        yield layers.STFTSpectrogram("stft", **wide), sound(20, 20)
    wave = lambda: [np.sin(np.arange(900) * np.array([[0.05], [0.4]])).astype("float32") + number()[0][:2, :1]]
    mel = {"fft_length": 128, "sequence_stride": 50, "num_mel_bins": 12}
    yield layers.MelSpectrogram(**mel), wave()
    yield layers.MelSpectrogram(sequence_length=100, window="hamming", top_db=30.0, ref_power=4.0, **mel), wave()
    yield layers.MelSpectrogram(power_to_db=False, mag_exp=1.5, window=None, **mel), wave()
    yield layers.MelSpectrogram(sampling_rate=8000, min_freq=100, max_freq=3000, **mel), wave()


def told(layer, inputs):
    """No window is another thing than none that is named."""
    made = case(layer, inputs)
    if getattr(layer, "window", "") is None:
        made["config"]["window"] = None
    return made


def main():
    lines = ",\n".join(json.dumps(told(*one), separators=(",", ":")) for one in cases())
    text = '{"keras":"%s","cases":[\n%s\n]}\n' % (keras.__version__, lines)
    (pathlib.Path(__file__).parent / "preprocessing.json").write_text(text)


if __name__ == "__main__":
    main()
