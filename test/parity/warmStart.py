"""A small PyTorch net and what it says: warmStart.py FOLDER

Writes net.pth, x.npy (channels last) and y.npy.
"""

import pathlib
import sys

import numpy as np
import torch

folder = pathlib.Path(sys.argv[1])
torch.manual_seed(1)
net = torch.nn.Sequential(
    torch.nn.Conv2d(3, 4, (3, 5)),
    torch.nn.BatchNorm2d(4, eps=1e-3),
    torch.nn.ReLU(),
    torch.nn.Conv2d(4, 8, (2, 3), groups=4, bias=False),
    torch.nn.AdaptiveAvgPool2d(1),
    torch.nn.Flatten(),
    torch.nn.Linear(8, 8),
    torch.nn.LayerNorm(8, eps=1e-3),
)
for name, values in net.state_dict().items():
    if values.dtype == torch.float32:
        values.copy_(torch.rand_like(values) + (0.5 if "var" in name else -0.3))
x = torch.rand(2, 3, 9, 11)
with torch.no_grad():
    y = net.eval()(x)
torch.save(net.state_dict(), folder / "net.pth")
np.save(folder / "x.npy", np.ascontiguousarray(x.permute(0, 2, 3, 1).numpy()))
np.save(folder / "y.npy", y.numpy())
