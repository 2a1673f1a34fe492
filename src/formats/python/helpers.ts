/** Functions that a script carries along for what Keras has no function for. */
export type Helper = 'take_weights' | 'rebuild' | 'flatten' | 'warm_start';

const TAKE_WEIGHTS = `def take_weights(layer, source):
    """Gives a layer those weights of another that it has too, in the same shape."""
    theirs = {w.path.removeprefix(str(source.path)): w for w in source.weights}
    for weight in layer.weights:
        same = theirs.get(weight.path.removeprefix(str(layer.path)))
        if same is not None and same.shape == weight.shape:
            weight.assign(same)
`;

const REBUILD = `def rebuild(
    model, skip=(), between=None, config=None, fresh=(), replace=None, inputs=None
):
    """Builds the model again, with all weights that still fit.

    skip: layers that pass on what they are fed.
    between: (source, reader, layers): layers to put between two others.
    config: what to configure layers with, by name.
    fresh: layers whose weights start anew.
    replace: layers to put in the place of others, by their names.
    inputs: new shapes of inputs, by name.
    """
    outputs = model.outputs if len(model.outputs) > 1 else model.outputs[0]
    model = keras.Model(model.inputs, outputs, name=model.name)
    names = {id(layer.output): layer.name for layer in model.layers}
    made, origins = {}, {}
    for x in model.inputs:
        name = names[id(x)]
        shape = (inputs or {}).get(name, x.shape)
        made[name] = keras.Input(batch_shape=shape, dtype=x.dtype, name=name)

    def clone(layer):
        if isinstance(layer, keras.Model):
            return layer
        if layer.name in (replace or {}):
            new = replace[layer.name]
            new.trainable = layer.trainable
        else:
            changes = (config or {}).get(layer.name, {})
            new = type(layer).from_config({**layer.get_config(), **changes})
        origins[new.name] = layer
        return new

    def call(layer, *args, **kwargs):
        if isinstance(layer, keras.Model):
            kwargs.pop("training", None)
            return layer.call(*args, **kwargs)
        if type(layer).__name__ == "ConvertToTensor":
            return args[0]  # Keras puts it in where one model is run in another.
        name = origins[layer.name].name
        if name in skip:
            return keras.tree.flatten((args, kwargs))[0]
        if between and name == between[1]:
            source = made[between[0]]
            x = source
            for new in between[2]:
                x = new(x)
            args, kwargs = keras.tree.map_structure(
                lambda given: x if given is source else given, (args, kwargs)
            )
        made[name] = layer(*args, **kwargs)
        return made[name]

    rebuilt = keras.models.clone_model(
        model,
        input_tensors=list(made.values()),
        clone_function=clone,
        call_function=call,
    )
    for layer in rebuilt.layers:
        before = origins.get(layer.name)
        if before is not None and before.name not in fresh:
            take_weights(layer, before)
    return rebuilt
`;

const FLATTEN = `def flatten(model, names=None):
    """Takes the models inside a model apart: their layers become its own.

    names: what to call layers whose names would meet, by their paths.
    """

    def prepare(model, path=()):
        for layer in keras.Model(model.inputs, model.outputs).operations:
            here = "/".join((*path, layer.name))
            if not isinstance(layer, keras.Model):
                layer.name = (names or {}).get(here, layer.name)
                continue
            if not layer.trainable:
                layer.trainable = False  # Of its layers too.
            prepare(layer, (*path, layer.name))
            layer.name = here

    prepare(model)
    while any(isinstance(layer, keras.Model) for layer in model.layers):
        model = rebuild(model)
    return rebuild(model)
`;

const WARM_START = `def warm_start(model, donor, match="", names=None):
    """Gives layers the weights that layers of a donor have in the same shapes.

    match: a regular expression, searched in the names of layers that take from
        those of their own name; None for no such layers.
    names: the donor's layers that others take from.
    """
    sources = {layer.name: layer for layer in donor.layers}
    for layer in model.layers:
        name = (names or {}).get(layer.name)
        if name is None and match is not None and re.search(match, layer.name):
            name = layer.name
        if name in sources:
            take_weights(layer, sources[name])
`;

/** In the order of the script: each after those that it calls. */
const HELPERS: readonly {
  readonly name: Helper;
  readonly code: string;
  readonly calls: readonly Helper[];
}[] = [
  { name: 'take_weights', code: TAKE_WEIGHTS, calls: [] },
  { name: 'rebuild', code: REBUILD, calls: ['take_weights'] },
  { name: 'flatten', code: FLATTEN, calls: ['rebuild', 'take_weights'] },
  { name: 'warm_start', code: WARM_START, calls: ['take_weights'] },
];

/** The code of helpers and of those that they call. */
export function helperCode(used: ReadonlySet<Helper>): readonly string[] {
  const needed = new Set(HELPERS.flatMap(({ name, calls }) => (used.has(name) ? [name, ...calls] : [])));
  return HELPERS.filter(({ name }) => needed.has(name)).map(({ code }) => code);
}
