"""Real torchvision's part of zooTorchvision.test.ts: zoo_torchvision.py MODELS OUT

Run by hand where torchvision is installed: what it says is kept in test/golden/zoo-torchvision.json. MODELS is a list of
`{ "model", "classes", "sizes" }`, zoo_torchvision.json beside this. Each model's weights and images are numbers that any
language makes alike (`numbers`). Of VGG, whose top has a hundred million weights, the averages of the last feature map's
first channels are kept.
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
import torch
from torchvision import models


def numbers(name, count):
    """Of FNV-1a of the name, then the finalizer of MurmurHash3 over a counter: from 0 up to 1."""
    seed = 0x811C9DC5
    for character in name:
        seed = ((seed ^ ord(character)) * 0x01000193) & 0xFFFFFFFF
    x = (seed + np.arange(count, dtype=np.uint64) * 0x9E3779B1) & 0xFFFFFFFF
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x = ((x ^ (x >> shift)) * factor) & 0xFFFFFFFF
    return (x ^ (x >> 16)) / 2.0**32


def value(name, shape):
    u = numbers(name, int(np.prod(shape)))
    if len(shape) > 1:
        u = (2 * u - 1) * np.sqrt(6 / np.prod(shape[1:]))
    elif name.endswith("running_var"):
        u = u + 0.5
    elif name.endswith("weight"):
        u = 0.4 + 0.6 * u
    else:
        u = (2 * u - 1) * 0.1
    return torch.from_numpy(u.reshape(shape).astype("float32"))


def describe(given):
    name = given["model"]
    published = models.get_model_weights(name).DEFAULT
    metrics = published.meta["_metrics"]["ImageNet-1K"]
    with torch.device("meta"):
        model = models.get_model(name, weights=None)
    kept = {key: value for key, value in model.state_dict().items() if not key.endswith("num_batches_tracked")}
    names = sorted(f"{key} {list(value.shape)}" for key, value in kept.items())
    made = {
        "parameters": sum(value.numel() for value in kept.values()),
        "stateDict": hashlib.sha256("\n".join(names).encode()).hexdigest(),
        "url": published.url,
        "top1": metrics["acc@1"],
        "size": published.transforms().crop_size[0],
    }
    if given["sizes"]:
        made["outputs"] = outputs(name, given["classes"], given["sizes"])
    return made


def is_left_out(name, key):
    return name.startswith("vgg") and key.startswith("classifier")


def outputs(name, classes, sizes):
    with torch.device("meta"):
        model = models.get_model(name, weights=None, num_classes=classes)
    model = model.to_empty(device="cpu").eval()
    for key, weight in model.state_dict().items():
        if not key.endswith("num_batches_tracked") and not is_left_out(name, key):
            weight.copy_(value(key, tuple(weight.shape)))
    made = {}
    for size in sizes:
        image = numbers(f"image-{size}", size * size * 3).reshape(1, size, size, 3).astype("float32")
        x = torch.from_numpy(np.ascontiguousarray(image.transpose(0, 3, 1, 2)))
        with torch.no_grad():
            y = model.features(x).mean((2, 3)) if name.startswith("vgg") else model(x)
        made[str(size)] = [float(f"{number:.7g}") for number in y[0, :16].tolist()]
    return made


def main(table, out):
    given = json.loads(pathlib.Path(table).read_text())
    made = {one["model"]: describe(one) for one in given}
    pathlib.Path(out).write_text(json.dumps(made, indent=2) + "\n")


main(*sys.argv[1:])
