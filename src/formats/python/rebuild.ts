/** The one function that a script needs where a recipe changes the middle of a model; Keras has none for it. */
export const REBUILD = `def rebuild(model, skip=(), between=None, config=None, fresh=()):
    """Builds the model again, with all weights that still fit.

    skip: layers that pass on what they are fed.
    between: (source, reader, layers): layers to put between two others.
    config: what to configure layers with, by name.
    fresh: layers whose weights start anew.
    """
    outputs = model.outputs if len(model.outputs) > 1 else model.outputs[0]
    model = keras.Model(model.inputs, outputs, name=model.name)
    layers = {layer.name: layer for layer in model.layers}
    names = {id(layer.output): name for name, layer in layers.items()}
    made = {
        names[id(x)]: keras.Input(batch_shape=x.shape, dtype=x.dtype, name=names[id(x)])
        for x in model.inputs
    }
    inputs = list(made.values())

    def clone(layer):
        changes = (config or {}).get(layer.name, {})
        return type(layer).from_config({**layer.get_config(), **changes})

    def call(layer, *args, **kwargs):
        if layer.name in skip:
            return keras.tree.flatten((args, kwargs))[0]
        if between and layer.name == between[1]:
            source = made[between[0]]
            x = source
            for new in between[2]:
                x = new(x)
            args, kwargs = keras.tree.map_structure(
                lambda given: x if given is source else given, (args, kwargs)
            )
        made[layer.name] = layer(*args, **kwargs)
        return made[layer.name]

    rebuilt = keras.models.clone_model(
        model, input_tensors=inputs, clone_function=clone, call_function=call
    )
    for layer in rebuilt.layers:
        before = layers.get(layer.name)
        if before is not None and layer.name not in fresh:
            old = {w.path.removeprefix(str(before.path)): w for w in before.weights}
            for weight in layer.weights:
                same = old.get(weight.path.removeprefix(str(layer.path)))
                if same is not None and same.shape == weight.shape:
                    weight.assign(same)
    return rebuilt
`;
