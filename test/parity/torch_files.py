"""Real PyTorch's part of pytorch.test.ts.

    torch_files.py save FOLDER     files that torch.save and TorchScript write, and beside each (NAME.json, NAME.bin) its
                               tensors as they are after loading: name, type, shape and the numbers as float32
    torch_files.py hostile FOLDER  pickles that would run something, touch FOLDER/canary
"""

import argparse
import json
import os
import pickle
import shutil
import sys
import warnings
import zipfile

import torch
from torch import nn

# torchvision's own kernels need the very build of torch that they were made for; its classifiers need none of them.
kernels = torch.library.Library("torchvision", "FRAGMENT")
try:
    for name in ("nms", "qnms"):
        kernels.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
except RuntimeError:
    pass
import torchvision  # noqa: E402

warnings.simplefilter("ignore")


class Block(nn.Module):
    def __init__(self, channels=3):
        super().__init__()
        self.conv = nn.Conv2d(channels, 4, 3, bias=False)
        self.norm = nn.BatchNorm2d(4)
        self.act = nn.ReLU()
        self.scale = nn.Parameter(torch.randn(4))

    def forward(self, x):
        return self.act(self.norm(self.conv(x)))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = Block()
        self.body = nn.Sequential(Block(4), nn.Flatten(), nn.Linear(4, 2))
        self.body[2].weight.requires_grad_(False)
        self.cls_token = nn.Parameter(torch.randn(1, 1, 4))

    def forward(self, x):
        return self.body(self.stem(x))


def shaken(model):
    """Random statistics too, so that a tensor in another's place shows."""
    for buffer in model.buffers():
        buffer.copy_(torch.rand(buffer.shape) * 50)
    return model


def types():
    tensors = {
        f"{name}.weight": (torch.randn(4, 3) * 100).to(getattr(torch, name))
        for name in ("float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8")
    }
    tensors["uint8.weight"] = torch.arange(7, dtype=torch.uint8)
    tensors["uint16.weight"] = torch.arange(7).to(torch.uint16)
    tensors["bool.weight"] = torch.tensor([True, False, True])
    tensors["empty.weight"] = torch.zeros(0, 3)
    tensors["scalar.weight"] = torch.tensor(4.5)
    return tensors


def cases():
    torch.manual_seed(0)
    net = shaken(Net())
    base = torch.randn(5, 6, 7)
    views = {
        "base.weight": base,
        "transposed.weight": base.permute(2, 0, 1),
        "offset.weight": base[2:, 1:3],
        "stepped.weight": base[::2, :, ::3],
        "expanded.weight": base[0, 0].expand(3, 7),
        "tied.weight": base,
        "column.weight": base[:, :, 3],
        "channels_last.weight": torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
        "alone": torch.randn(3),
    }
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.randn(2, 3, 5, 5)).sum().backward()
    optimizer.step()
    state = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    checkpoint = {
        "epoch": 3,
        "args": argparse.Namespace(lr=0.1),
        "optimizer": optimizer.state_dict(),
        "ema": {name: tensor.float() * 0 for name, tensor in state.items()},
        "state_dict": {f"module.{name}": tensor for name, tensor in state.items()},
    }
    parts = {"encoder": Block().state_dict(), "decoder": {"deep": Block().state_dict()}, "step": 4}
    flat_parts = {f"encoder.{k}": v for k, v in parts["encoder"].items()}
    flat_parts |= {f"decoder.deep.{k}": v for k, v in parts["decoder"]["deep"].items()}
    parameters = {name: nn.Parameter(torch.randn(2, 2)) for name in ("a.weight", "b.weight")}
    parameters["a.weight"].note = "with a state of its own"
    for name, value, expected in [
        ("state", state, state),
        ("views", views, views),
        ("types", (of_each := types()), of_each),
        ("checkpoint", checkpoint, checkpoint["state_dict"]),
        ("parts", parts, flat_parts),
        ("parameters", parameters, parameters),
        ("module", net, state),
        ("parallel", nn.DataParallel(net), {f"module.{k}": v for k, v in state.items()}),
        ("model_inside", {"model": net, "epoch": 1}, state),
        ("resnet18", torchvision.models.resnet18().state_dict(), None),
        ("mobilenet_v2", torchvision.models.mobilenet_v2().state_dict(), None),
        ("vgg11", torchvision.models.vgg11(num_classes=10).features.state_dict(), None),
    ]:
        yield name, value, expected or value


def tell(path, expected):
    tensors = []
    with open(f"{path}.bin", "wb") as numbers:
        for name, tensor in expected.items():
            tensor = tensor.detach()
            tensors.append(
                {
                    "name": name,
                    "dtype": str(tensor.dtype).removeprefix("torch."),
                    "shape": list(tensor.shape),
                }
            )
            numbers.write(tensor.to(torch.float32).contiguous().numpy().tobytes())
    with open(f"{path}.json", "w") as file:
        json.dump(tensors, file)


def save(folder):
    def at(name):
        return os.path.join(folder, name)

    saved = []
    for name, value, expected in cases():
        torch.save(value, at(f"{name}.pt"))
        tell(at(f"{name}.pt"), expected)
        saved.append(f"{name}.pt")
        # Python can pickle uint16 only with a storage of bytes, which older files do not know.
        if name not in ("vgg11", "types"):
            torch.save(value, at(f"{name}-legacy.pth"), _use_new_zipfile_serialization=False)
            tell(at(f"{name}-legacy.pth"), expected)
            saved.append(f"{name}-legacy.pth")
    state = Block().state_dict()
    for protocol in (3, 4, 5):
        for kind, new in (("zip", True), ("legacy", False)):
            name = f"protocol{protocol}-{kind}.pt"
            torch.save(state, at(name), pickle_protocol=protocol, _use_new_zipfile_serialization=new)
            tell(at(name), state)
            saved.append(name)
    scripted = torch.jit.script(Net().eval())
    scripted.save(at("scripted.pt"))
    tell(at("scripted.pt"), scripted.state_dict())
    saved.append("scripted.pt")

    # As a big-endian machine would have written it; PyTorch itself says what is in it, but forgets to turn uint16.
    torch.save({name: tensor for name, tensor in types().items() if "uint16" not in name}, at("little"))
    with zipfile.ZipFile(at("little")) as source, zipfile.ZipFile(at("big.pt"), "w") as target:
        for entry in source.infolist():
            data = b"big" if entry.filename.endswith("/byteorder") else source.read(entry)
            target.writestr(entry.filename, data)
    tell(at("big.pt"), torch.load(at("big.pt")))
    saved.append("big.pt")

    # Of before 0.1.10, whose writer is no more.
    shutil.copy(os.path.join(os.path.dirname(__file__), "../fixtures/pytorch/state-tar.pt"), at("tar.pt"))
    tell(at("tar.pt"), torch.load(at("tar.pt"), weights_only=False))
    saved.append("tar.pt")
    print(json.dumps(saved))


class Runs:
    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def hostile(folder):
    command = f"touch {os.path.join(folder, 'canary')}"
    script = f"open({os.path.join(folder, 'canary')!r}, 'w')"
    deep = Runs(list, (Runs(os.system, command),))
    attacks = {
        "system": Runs(os.system, command),
        "eval": Runs(eval, script),
        "exec": Runs(exec, script),
        "nested": {"state_dict": {"b": [deep], "a.weight": torch.ones(2)}},
        "popen": Runs(__import__("subprocess").Popen, ["sh", "-c", command]),
        "import": Runs(__import__, "antigravity"),
        "loads": Runs(pickle.loads, pickle.dumps(Runs(os.system, command))),
    }
    names = []
    for name, value in attacks.items():
        for suffix, new in (("", True), ("-legacy", False)):
            path = os.path.join(folder, f"{name}{suffix}.pt")
            torch.save(value, path, _use_new_zipfile_serialization=new)
            names.append(os.path.basename(path))
        with open(os.path.join(folder, f"{name}-plain.bin"), "wb") as file:
            pickle.dump(value, file, protocol=4)
        names.append(f"{name}-plain.bin")
    print(json.dumps(names))


command, folder = sys.argv[1:]
{"save": save, "hostile": hostile}[command](folder)
