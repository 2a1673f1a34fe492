"""Real Keras following plans on a tiny net for 30 steps: what every optimizer, loss, metric and freeze set of the executor
is held against. The net's first weights, its samples and their answers are sines, which both sides work out.

    .cache/python/bin/python test/parity/trainingPlans.py      writes trainingPlans.json beside itself
"""

import json
import os
import pathlib

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np

HERE = pathlib.Path(__file__).parent
STEPS, BATCH, STEPS_PER_EPOCH = 30, 8, 5
SHAPE = (6, 6, 2)


def sines(count, seed, scale=1.0, offset=0.0):
    return (offset + scale * np.sin(seed + 1.7 * np.arange(count) + 0.31 * np.arange(count) ** 1.1)).astype("float32")


def net(head, regularizers):
    """`regularizers` by layer and argument, as Keras's configurations have them."""
    of = lambda name: {
        argument: getattr(keras.regularizers, kind)(**config)
        for argument, (kind, config) in regularizers.get(name, {}).items()
    }
    inputs = keras.Input(SHAPE, name="input")
    x = keras.layers.Conv2D(4, 3, padding="same", use_bias=False, name="conv", **of("conv"))(inputs)
    x = keras.layers.BatchNormalization(momentum=0.9, name="bn", **of("bn"))(x)
    x = keras.layers.Activation("tanh", name="tanh")(x)
    x = keras.layers.DepthwiseConv2D(3, use_bias=False, name="depthwise", **of("depthwise"))(x)
    x = keras.layers.BatchNormalization(momentum=0.9, name="bn_2", **of("bn_2"))(x)
    x = keras.layers.Activation("relu", name="relu")(x)
    x = keras.layers.Flatten(name="flatten")(x)
    x = keras.layers.Dense(5, activation="tanh", name="dense", **of("dense"))(x)
    x = keras.layers.Dense(head["units"], activation=head["activation"], name="head", **of("head"))(x)
    model = keras.Model(inputs, x)
    for layer in model.layers:
        for index, weight in enumerate(layer.weights):
            name = weight.path.split("/")[-1]
            spread = name in ("gamma", "moving_variance")
            # Biases are zero, where an absolute value has no slope.
            scale = 0.0 if name == "bias" else 0.4
            values = sines(int(np.prod(weight.shape)), len(layer.name) + index, scale, 1.0 if spread else 0.0)
            weight.assign(values.reshape(weight.shape))
    return model


def samples(step):
    return sines(BATCH * int(np.prod(SHAPE)), 100.0 + 13 * step).reshape((BATCH, *SHAPE))


def answers(kind, units, step):
    index = np.arange(BATCH) + BATCH * step
    classes = (index * index + step) % max(units, 2)
    if kind == "classes":
        return classes.astype("int32")
    if kind == "binary":
        return classes.astype("float32")[:, None]
    if kind == "oneHot":
        return np.eye(units, dtype="float32")[classes]
    if kind == "labels":
        return (sines(BATCH * units, 7.0 + step) > 0.2).astype("float32").reshape((BATCH, units))
    return sines(BATCH * units, 3.0 + step, 1.5).reshape((BATCH, units))


WORDS = {
    "learningRate": "learning_rate",
    "beta1": "beta_1",
    "beta2": "beta_2",
    "weightDecay": "weight_decay",
    "clipNorm": "clipnorm",
    "globalClipNorm": "global_clipnorm",
    "clipValue": "clipvalue",
}
CLASSES = {
    "sgd": keras.optimizers.SGD,
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
}


def scaled(base, multipliers):
    """An optimizer whose learning rate is another for some layers: the rate of update and of decay alike."""

    class Scaled(base):
        def multiplier(self, variable):
            path = self._trainable_variables[self._get_variable_index(variable)].path
            return multipliers.get(path.split("/")[0], 1.0)

        def update_step(self, gradient, variable, learning_rate):
            super().update_step(gradient, variable, learning_rate * self.multiplier(variable))

        def _apply_weight_decay(self, variables):
            for variable in variables:
                if self.weight_decay is not None:
                    rate = self.learning_rate * self.multiplier(variable)
                    variable.assign(variable - variable * self.weight_decay * rate)

    return Scaled


def rate_of(rate, schedule, steps):
    schedules = keras.optimizers.schedules
    if schedule is None:
        return rate
    if schedule["kind"] == "cosine":
        warm = schedule.get("warmup", {}).get("steps", 0)
        if warm == 0:
            return schedules.CosineDecay(rate, steps, alpha=schedule["alpha"])
        return schedules.CosineDecay(
            schedule["warmup"]["from"] * rate, steps - warm, schedule["alpha"], warmup_target=rate, warmup_steps=warm
        )
    if schedule["kind"] == "exponential":
        return schedules.ExponentialDecay(rate, schedule["epochs"] * STEPS_PER_EPOCH, schedule["rate"])
    return schedules.ExponentialDecay(rate, schedule["epochs"] * STEPS_PER_EPOCH, schedule["factor"], staircase=True)


def optimizer_of(phase):
    options = dict(phase["optimizer"])
    base = CLASSES[options.pop("kind")]
    options = {WORDS.get(name, name): value for name, value in options.items()}
    options["learning_rate"] = rate_of(options["learning_rate"], phase.get("schedule"), phase["steps"])
    multipliers = phase.get("multipliers")
    return (scaled(base, multipliers) if multipliers else base)(**options)


def loss_of(plan):
    options = {"from_logits": True} if plan.get("fromLogits") else {}
    if plan.get("labelSmoothing"):
        options["label_smoothing"] = plan["labelSmoothing"]
    return {
        "sparseCategoricalCrossentropy": keras.losses.SparseCategoricalCrossentropy,
        "categoricalCrossentropy": keras.losses.CategoricalCrossentropy,
        "binaryCrossentropy": keras.losses.BinaryCrossentropy,
        "meanSquaredError": keras.losses.MeanSquaredError,
        "meanAbsoluteError": keras.losses.MeanAbsoluteError,
        "huber": keras.losses.Huber,
    }[plan["loss"]](**options)


def metrics_of(plan):
    sparse = plan["answers"] == "classes"
    top = keras.metrics.SparseTopKCategoricalAccuracy if sparse else keras.metrics.TopKCategoricalAccuracy
    made = {
        "accuracy": lambda: "accuracy",
        "binaryAccuracy": lambda: keras.metrics.BinaryAccuracy(name="binaryAccuracy"),
        "precision": lambda: keras.metrics.Precision(name="precision"),
        "recall": lambda: keras.metrics.Recall(name="recall"),
        "auc": lambda: keras.metrics.AUC(name="auc"),
        "mae": lambda: "mae",
    }
    return [made[name]() if name in made else top(int(name[3:]), name=name) for name in plan["metrics"]]


def use_moving_statistics(model, always):
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            usual = type(layer).call.__get__(layer)
            fixed = lambda inputs, training=None, mask=None, call=usual: call(inputs, training=False, mask=mask)
            layer.call = fixed if always else usual


def follow(plan):
    model = net(plan["head"], plan.get("regularizers", {}))
    units = plan["head"]["units"]
    weights = plan.get("classWeights")
    class_weight = None if weights is None else dict(enumerate(weights))
    step, losses = 0, []
    for phase in plan["phases"]:
        for layer in model.layers:
            layer.trainable = layer.name not in phase.get("frozen", [])
        use_moving_statistics(model, phase.get("batchNorm") == "inference")
        model.compile(optimizer_of(phase), loss_of(plan), metrics=metrics_of(plan))
        for _ in range(phase["steps"]):
            told = model.train_on_batch(
                samples(step), answers(plan["answers"], units, step), class_weight=class_weight, return_dict=True
            )
            losses.append(float(told["loss"]))
            model.reset_metrics()
            step += 1
    x = np.concatenate([samples(step) for step in range(STEPS)])
    y = np.concatenate([answers(plan["answers"], units, step) for step in range(STEPS)])
    evaluated = model.evaluate(x, y, batch_size=BATCH, verbose=0, return_dict=True)
    final = {weight.path: [round(float(value), 7) for value in weight.numpy().ravel()] for weight in model.weights}
    return {
        **plan,
        "losses": [round(loss, 7) for loss in losses],
        "evaluated": {name: round(float(value), 7) for name, value in evaluated.items()},
        "weights": final,
    }


SOFTMAX = {"units": 3, "activation": "softmax"}
SGD = {"kind": "sgd", "learningRate": 0.05, "momentum": 0.0, "nesterov": False}
NESTEROV = {"kind": "sgd", "learningRate": 0.02, "momentum": 0.9, "nesterov": True}
RMSPROP = {"kind": "rmsprop", "learningRate": 0.002, "rho": 0.9, "momentum": 0.0, "epsilon": 1e-3, "centered": False}
ADAM = {"kind": "adam", "learningRate": 0.005, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7}
ADAMW = {**ADAM, "kind": "adamw", "weightDecay": 0.05}
SPARSE = {"head": SOFTMAX, "answers": "classes", "loss": "sparseCategoricalCrossentropy", "metrics": ["accuracy", "top2"]}
ONE_HOT = {**SPARSE, "answers": "oneHot", "loss": "categoricalCrossentropy", "metrics": ["accuracy", "top2", "auc", "precision", "recall"]}
BINARY = {
    "head": {"units": 1, "activation": "sigmoid"},
    "answers": "binary",
    "loss": "binaryCrossentropy",
    "metrics": ["accuracy", "precision", "recall", "auc"],
}
LABELS = {**BINARY, "head": {"units": 3, "activation": "sigmoid"}, "answers": "labels", "metrics": ["binaryAccuracy", "accuracy", "auc", "precision"]}
VALUES = {"head": {"units": 2, "activation": "linear"}, "answers": "values", "metrics": ["mae"]}
FEATURES = ["conv", "bn", "depthwise", "bn_2"]


def one(optimizer, **own):
    return [{"steps": STEPS, "optimizer": optimizer, **own}]


PLANS = {
    "sgd in steps": {**SPARSE, "phases": one(SGD, schedule={"kind": "step", "epochs": 2, "factor": 0.5})},
    "sgd with momentum, decay and short gradients": {
        **SPARSE,
        "phases": one({**NESTEROV, "weightDecay": 0.1, "clipNorm": 0.2}),
    },
    "sgd with multipliers and decay beside frozen layers": {
        **SPARSE,
        "phases": one(
            {**NESTEROV, "nesterov": False, "weightDecay": 0.2},
            frozen=["conv", "bn"],
            multipliers={"depthwise": 0.1, "bn_2": 0.1, "dense": 0.5, "head": 2.0},
        ),
    },
    "rmsprop, yes or no": {**BINARY, "phases": one(RMSPROP)},
    "rmsprop centered with momentum, gradients short together, huber": {
        **VALUES,
        "loss": "huber",
        "phases": one({**RMSPROP, "centered": True, "momentum": 0.5, "globalClipNorm": 0.5}),
    },
    "rmsprop with multipliers and decay, several labels smoothed": {
        **LABELS,
        "labelSmoothing": 0.2,
        "phases": one({**RMSPROP, "weightDecay": 0.1}, multipliers={"conv": 0.1, "head": 3.0}),
    },
    "adam by a cosine after a warm-up, one-hot smoothed": {
        **ONE_HOT,
        "labelSmoothing": 0.1,
        "phases": one(ADAM, schedule={"kind": "cosine", "alpha": 0.1, "warmup": {"steps": 6, "from": 0.1}}),
    },
    "adam amsgrad with small gradients, mean squared error": {
        **VALUES,
        "loss": "meanSquaredError",
        "phases": one({**ADAM, "beta2": 0.8, "amsgrad": True, "clipValue": 0.05}),
    },
    "adam with multipliers": {**SPARSE, "phases": one(ADAM, multipliers={name: 0.1 for name in FEATURES})},
    "adamw with multipliers, classes weighted": {
        **SPARSE,
        "classWeights": [0.5, 2.0, 1.25],
        "phases": one(ADAMW, multipliers={"conv": 0.1, "dense": 0.25}),
    },
    "adamw amsgrad on logits, decaying": {
        **SPARSE,
        "head": {"units": 3, "activation": "linear"},
        "fromLogits": True,
        "phases": one({**ADAMW, "beta2": 0.8, "amsgrad": True}, schedule={"kind": "exponential", "rate": 0.7, "epochs": 2}),
    },
    "two phases: a head, then all with fixed statistics": {
        **SPARSE,
        "phases": [
            {"steps": 12, "optimizer": NESTEROV, "frozen": FEATURES},
            {
                "steps": 18,
                "optimizer": {**ADAM, "learningRate": 0.002},
                "batchNorm": "inference",
                "multipliers": {"conv": 0.1},
            },
        ],
    },
    "three phases: statistics moving, frozen, moving again": {
        **SPARSE,
        "phases": [
            {"steps": 10, "optimizer": ADAM},
            {"steps": 10, "optimizer": RMSPROP, "frozen": ["bn", "bn_2"]},
            {"steps": 10, "optimizer": {**SGD, "learningRate": 0.01}, "frozen": ["conv", "depthwise"]},
        ],
    },
    "regularizers, of a frozen layer too": {
        **SPARSE,
        "regularizers": {
            "conv": {"kernel_regularizer": ["L2", {"l2": 0.02}]},
            "bn": {"gamma_regularizer": ["L2", {"l2": 0.05}]},
            "depthwise": {"depthwise_regularizer": ["L1", {"l1": 0.004}]},
            "dense": {
                "kernel_regularizer": ["L1L2", {"l1": 0.003, "l2": 0.02}],
                "bias_regularizer": ["L1", {"l1": 0.01}],
                "activity_regularizer": ["L2", {"l2": 0.01}],
            },
            "head": {"kernel_regularizer": ["OrthogonalRegularizer", {"factor": 0.05, "mode": "columns"}]},
        },
        "phases": [
            {"steps": 15, "optimizer": ADAM},
            {"steps": 15, "optimizer": SGD, "frozen": ["conv", "bn"]},
        ],
    },
    "mean absolute error, normalizations frozen": {
        **VALUES,
        "loss": "meanAbsoluteError",
        "phases": one({**NESTEROV, "nesterov": False, "learningRate": 0.01}, frozen=["bn", "bn_2"]),
    },
    "yes or no on a logit, classes weighted": {
        **BINARY,
        "head": {"units": 1, "activation": "linear"},
        "fromLogits": True,
        "classWeights": [0.75, 1.5],
        "metrics": [],
        "phases": one(NESTEROV),
    },
    "probabilities without a softmax": {
        **ONE_HOT,
        "head": {"units": 3, "activation": "softplus"},
        "phases": one(NESTEROV, batchNorm="inference"),
    },
    "classes by probabilities without a softmax": {
        **SPARSE,
        "head": {"units": 3, "activation": "hard_sigmoid"},
        "phases": one(ADAM),
    },
    "labels by probabilities without a sigmoid, one-hot by hand": {
        **LABELS,
        "head": {"units": 3, "activation": "hard_sigmoid"},
        "answers": "oneHot",
        "classWeights": [1.0, 0.5, 2.0],
        "phases": one(ADAMW),
    },
}


def main():
    document = {
        "keras": keras.__version__,
        "batch": BATCH,
        "stepsPerEpoch": STEPS_PER_EPOCH,
        "plans": [{"name": name, **follow(plan)} for name, plan in PLANS.items()],
    }
    (HERE / "trainingPlans.json").write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
