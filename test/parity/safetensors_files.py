"""The real safetensors library's part of safetensors.test.ts.

    safetensors_files.py save FOLDER    files that the library writes, and beside each (NAME.json, NAME.bin) its tensors:
                                        name, type, shape and the numbers as float32
    safetensors_files.py load FILE      loads a file of ours, and writes what it found beside it in the same way
"""

import json
import os
import sys

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file


def tell(path, tensors):
    with open(f"{path}.bin", "wb") as numbers:
        for tensor in tensors.values():
            numbers.write(tensor.to(torch.float32).contiguous().numpy().tobytes())
    told = [
        {"name": name, "dtype": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape)}
        for name, tensor in tensors.items()
    ]
    with open(f"{path}.json", "w") as file:
        json.dump(told, file)


def save(folder):
    torch.manual_seed(0)

    def at(name):
        return os.path.join(folder, name)

    names = ("float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8")
    types = {f"{name}.weight": (torch.randn(4, 3) * 100).to(getattr(torch, name)) for name in names}
    types["uint8.weight"] = torch.arange(7, dtype=torch.uint8)
    for name in ("uint16", "uint32", "uint64"):
        types[f"{name}.weight"] = torch.arange(7).to(getattr(torch, name))
    types["bool.weight"] = torch.tensor([True, False, True])
    types["empty.weight"] = torch.zeros(0, 3)
    types["scalar.weight"] = torch.tensor(4.5)
    types["alone"] = torch.randn(3)
    save_file(types, at("types.safetensors"), metadata={"format": "pt"})
    tell(at("types.safetensors"), types)

    strange = {"eight.weight": torch.randn(3).to(torch.float8_e4m3fn), "five.weight": torch.randn(3).to(torch.float8_e5m2), "plain.weight": torch.randn(2)}
    save_file(strange, at("strange.safetensors"))
    tell(at("strange.safetensors"), {"plain.weight": strange["plain.weight"]})

    net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.Flatten())
    net.load_state_dict({name: torch.rand(t.shape).to(t.dtype) for name, t in net.state_dict().items()})
    state = {f"net.{name}": tensor for name, tensor in net.state_dict().items()}
    files = {
        name: f"model-0000{1 + index % 2}-of-00002.safetensors" for index, name in enumerate(state)
    }
    for file in sorted(set(files.values())):
        save_file({name: tensor for name, tensor in state.items() if files[name] == file}, at(file))
    with open(at("model.safetensors.index.json"), "w") as file:
        json.dump({"metadata": {"total_size": 1}, "weight_map": files}, file, indent=2)
    tell(at("model.safetensors.index.json"), state)


def load(path):
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
    tensors = load_file(path)
    tell(path, tensors)
    print(json.dumps(metadata))


command, argument = sys.argv[1:]
{"save": save, "load": load}[command](argument)
