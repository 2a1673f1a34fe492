"""In the folder npy.py FOLDER: writes arrays as NumPy does, and says what y.npy holds."""

import os
import sys

import numpy as np

os.chdir(sys.argv[1])
np.save("c.npy", np.arange(24, dtype=">i2").reshape(2, 3, 4))
np.save("f.npy", np.asfortranarray(np.arange(24, dtype="f8").reshape(2, 3, 4)))
y = np.load("y.npy")
print(y.dtype, y.tolist())
