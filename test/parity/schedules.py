"""Learning rates of real Keras and PyTorch, step by step: what the schedules are held against, written to schedules.json.

    .cache/python/bin/python test/parity/schedules.py
"""

import json
import pathlib

import keras
import numpy as np
import torch

HERE = pathlib.Path(__file__).parent
RATE, STEPS_PER_EPOCH, EPOCHS = 0.02, 5, 8
STEPS = STEPS_PER_EPOCH * EPOCHS


def keras_rates(schedule):
    return [float(schedule(step)) for step in range(STEPS)]


def one_cycle(**options):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, RATE, total_steps=STEPS, cycle_momentum=False, **options
    )
    rates = []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return rates


def plateau(values, **options):
    """The rate after each epoch of which the metric is given."""
    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(RATE), "mse", metrics=["mae"])
    model.fit(np.zeros((1, 1)), np.zeros((1, 1)), verbose=0)
    callback = keras.callbacks.ReduceLROnPlateau(monitor="val_mae", **options)
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    model.optimizer.learning_rate = RATE
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {"val_mae": value})
        rates.append(float(model.optimizer.learning_rate))
    return rates


def main():
    schedules = keras.optimizers.schedules
    cosine = {"initial_learning_rate": RATE, "decay_steps": STEPS}
    warmed = {"initial_learning_rate": 0.0, "decay_steps": STEPS - 10, "warmup_target": RATE, "warmup_steps": 10}
    rates = [
        ({"kind": "cosine"}, keras_rates(schedules.CosineDecay(**cosine))),
        ({"kind": "cosine", "alpha": 0.1}, keras_rates(schedules.CosineDecay(**cosine, alpha=0.1))),
        (
            {"kind": "cosine", "warmup": {"epochs": 2}},
            keras_rates(schedules.CosineDecay(**warmed)),
        ),
        (
            {"kind": "cosine", "alpha": 0.25, "warmup": {"steps": 10, "from": 0.1}},
            keras_rates(schedules.CosineDecay(**{**warmed, "initial_learning_rate": RATE / 10}, alpha=0.25)),
        ),
        (
            {"kind": "exponential", "rate": 0.8, "epochs": 2},
            keras_rates(schedules.ExponentialDecay(RATE, 10, 0.8)),
        ),
        (
            {"kind": "exponential", "rate": 0.8, "staircase": True},
            keras_rates(schedules.ExponentialDecay(RATE, 5, 0.8, staircase=True)),
        ),
        (
            {"kind": "step", "epochs": 3, "factor": 0.5},
            keras_rates(schedules.ExponentialDecay(RATE, 15, 0.5, staircase=True)),
        ),
        ({"kind": "oneCycle"}, one_cycle()),
        (
            {"kind": "oneCycle", "rise": 0.25, "divideFirst": 10, "divideLast": 100},
            one_cycle(pct_start=0.25, div_factor=10, final_div_factor=100),
        ),
    ]
    slow = [1.0, 0.9, 0.95, 0.89995, 0.91, 0.95, 0.97, 0.99, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6]
    plateaus = [
        ({"patience": 2, "factor": 0.5}, slow, plateau(slow, patience=2, factor=0.5)),
        (
            {"patience": 2, "factor": 0.5, "cooldown": 2, "minDelta": 0},
            slow,
            plateau(slow, patience=2, factor=0.5, cooldown=2, min_delta=0),
        ),
        (
            {"patience": 1, "factor": 0.1, "minRate": 0.001},
            slow,
            plateau(slow, patience=1, factor=0.1, min_lr=0.001),
        ),
        (
            {"patience": 3, "factor": 0.5, "mode": "max"},
            slow,
            plateau(slow, patience=3, factor=0.5, mode="max"),
        ),
    ]
    document = {
        "keras": keras.__version__,
        "torch": torch.__version__,
        "learningRate": RATE,
        "stepsPerEpoch": STEPS_PER_EPOCH,
        "epochs": EPOCHS,
        "rates": [{"schedule": schedule, "rates": values} for schedule, values in rates],
        "plateaus": [
            {"schedule": {"kind": "reduceOnPlateau", "monitor": "val_mae", **options}, "values": values, "rates": after}
            for options, values, after in plateaus
        ],
    }
    (HERE / "schedules.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
