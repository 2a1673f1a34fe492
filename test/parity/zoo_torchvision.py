"""Real torchvision's part of zooTorchvision.test.ts and of the zoo's proof.

    zoo_torchvision.py facts MODELS OUT   what torchvision says of each model, by name: its parameters, its state dict, where
                                          its weights are; MODELS is a list of names
    zoo_torchvision.py serve FOLDER       writes for each case that is a line of stdin NAME.pth, the state dict of random
                                          weights, and NAME-HEIGHTxWIDTH.x.npy (channels last) and .y.npy, two images and
                                          what the model makes of them, and .features.npy, what its features are
                                          without the classifier; answered by a line
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
import torch

from zoo_random import SMALL_SHARE, images, offset, scale, variance

# torchvision's own kernels need the very build of torch that they were made for; its classifiers need none of them.
kernels = torch.library.Library("torchvision", "FRAGMENT")
try:
    for name in ("nms", "qnms"):
        kernels.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
except RuntimeError:
    pass
import torchvision  # noqa: E402
from torchvision import models  # noqa: E402
from torchvision.models import efficientnet, resnet  # noqa: E402


# Of kernels, as torchvision starts them.
LOUDER = 1.2


def describe(name):
    published = models.get_model_weights(name).DEFAULT
    metrics = published.meta["_metrics"]["ImageNet-1K"]
    with torch.device("meta"):
        model = models.get_model(name, weights=None)
    kept = {key: value for key, value in model.state_dict().items() if not key.endswith("num_batches_tracked")}
    names = sorted(f"{key} {list(value.shape)}" for key, value in kept.items())
    return {
        "parameters": sum(value.numel() for value in kept.values()),
        "stateDict": hashlib.sha256("\n".join(names).encode()).hexdigest(),
        "url": published.url,
        "top1": metrics["acc@1"],
        "size": published.transforms().crop_size[0],
        "mean": published.transforms().mean,
        "deviation": published.transforms().std,
    }


def facts(table, out):
    made = {name: describe(name) for name in json.loads(pathlib.Path(table).read_text())}
    pathlib.Path(out).write_text(json.dumps(made, indent=2) + "\n")


def added(model):
    """The normalizations before what is added to what passes it by."""
    for module in model.modules():
        if isinstance(module, (resnet.BasicBlock, resnet.Bottleneck)) and module.downsample is None:
            yield getattr(module, "bn3", module.bn2)
        if isinstance(module, efficientnet.MBConv) and module.use_res_connect:
            yield module.block[-1][1]


@torch.no_grad()
def randomize(model, rng, pictures):
    """See zoo_random.py; kernels as torchvision starts them."""
    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.weight.copy_(torch.from_numpy(scale(rng, norm.weight.shape)))
    for key, weight in model.named_parameters():
        if key.endswith("bias"):
            weight.copy_(torch.from_numpy(offset(rng, weight.shape)))
    for last in added(model):
        last.weight.mul_(SMALL_SHARE)
        last.bias.mul_(SMALL_SHARE)
    if not norms:
        # Deep and without normalizations, what an image says would be lost among the biases.
        for module in model.modules():
            if isinstance(module, torch.nn.Conv2d):
                module.weight.mul_(LOUDER)
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = 1.0
    model.train()(pictures)
    model.eval()
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
        norm.running_var.copy_(torch.from_numpy(variance(rng, norm.running_var.numpy())))


def given(x):
    return torch.from_numpy(np.ascontiguousarray(x.transpose(0, 3, 1, 2)))


def features(model, x):
    """What comes to the classifier, a map; ResNet has it in its parts."""
    if hasattr(model, "features"):
        y = model.features(x)
        return torch.relu(y) if isinstance(model, models.DenseNet) else y
    x = model.maxpool(model.relu(model.bn1(model.conv1(x))))
    return model.layer4(model.layer3(model.layer2(model.layer1(x))))


@torch.no_grad()
def answer(case, folder):
    """How many parameters `case["name"]` has, statistics counted too, and by what it was made: as zoo.py."""
    folder, name = pathlib.Path(folder), case["name"]
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    model = models.get_model(name, weights=None)
    if not case.get("whole", True):
        model.classifier = torch.nn.Sequential()
    height, width = case["sizes"][0]
    randomize(model, rng, given(images(rng, 4, height, width, *case["range"])))
    torch.save(model.state_dict(), folder / f"{name}.pth")
    for height, width in case["sizes"]:
        x = images(rng, 2, height, width, *case["range"])
        np.save(folder / f"{name}-{height}x{width}.x.npy", x)
        np.save(folder / f"{name}-{height}x{width}.y.npy", model(given(x)).numpy())
        y = features(model, given(x)).numpy().transpose(0, 2, 3, 1)
        np.save(folder / f"{name}-{height}x{width}.features.npy", np.ascontiguousarray(y))
    kept = [value for key, value in model.state_dict().items() if not key.endswith("num_batches_tracked")]
    version = torchvision.__version__.split("+")[0]
    return {"parameters": sum(value.numel() for value in kept), "framework": f"torchvision {version}"}


def serve(folder):
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), folder)), flush=True)


{"facts": facts, "serve": serve}[sys.argv[1]](*sys.argv[2:])
