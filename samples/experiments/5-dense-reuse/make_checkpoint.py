"""Trains a dense net of 784-300-50-50-50-50-10 on MNIST as TensorFlow 1 did, and saves it as a checkpoint.

    python make_checkpoint.py [FOLDER]

The folder holds mnist/, with MNIST's training files, and gets my_model_final.ckpt in three files.
"""

import gzip
import os
import sys

import numpy as np
import tensorflow as tf

v1 = tf.compat.v1
FOLDER = sys.argv[1] if len(sys.argv) > 1 else "."
SIZES = [784, 300, 50, 50, 50, 50, 10]
EPOCHS = 2
BATCH = 50


def read(name, header):
    with gzip.open(os.path.join(FOLDER, "mnist", name)) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


def dense(x, name, inputs, units, activation=None):
    start = np.random.default_rng(inputs + units).normal(0, np.sqrt(2 / inputs), (inputs, units))
    kernel = v1.get_variable(f"{name}/kernel", initializer=start.astype("float32"))
    bias = v1.get_variable(f"{name}/bias", initializer=np.zeros(units, "float32"))
    with v1.name_scope(name):
        y = v1.nn.bias_add(tf.matmul(x, kernel), bias)
        return activation(y) if activation else y


images = read("train-images-idx3-ubyte.gz", 16).reshape(-1, 784).astype("float32") / 255
labels = read("train-labels-idx1-ubyte.gz", 8).astype("int32")
with tf.Graph().as_default():
    X = v1.placeholder(tf.float32, (None, 784), name="X")
    y = v1.placeholder(tf.int32, (None,), name="y")
    with v1.name_scope("dnn"):
        x = X
        for layer, (inputs, units) in enumerate(zip(SIZES, SIZES[1:-1]), 1):
            x = dense(x, f"hidden{layer}", inputs, units, tf.nn.relu)
        logits = dense(x, "logits", *SIZES[-2:])
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits), name="loss")
    train = v1.train.GradientDescentOptimizer(0.05).minimize(loss)
    with v1.Session() as session:
        session.run(v1.global_variables_initializer())
        for _ in range(EPOCHS):
            for at in range(0, len(images), BATCH):
                session.run(train, {X: images[at : at + BATCH], y: labels[at : at + BATCH]})
        v1.train.Saver().save(session, os.path.join(FOLDER, "my_model_final.ckpt"), write_state=False)
