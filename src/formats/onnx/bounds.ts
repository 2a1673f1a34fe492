/** Limits on what an ONNX file may make us do. */

/** Numbers of one constant that a node's meaning depends on: shapes, axes, scales by channel. Weights stay on disk. */
export const MAX_CONSTANT_NUMBERS = 65_536;

/** Numbers of all such constants together, as often as nodes read them: each node may read a large one anew. */
export const MAX_CONSTANT_READS = 4_000_000;

/** Steps of a node's path that are looked at as modules in modules; real ones have ten. */
export const MAX_PATH_STEPS = 64;

/** Pieces of the file that one tensor's numbers may lie in; exporters write one, and old ones a few. */
export const MAX_TENSOR_RANGES = 4096;

/** Axes of a tensor: real models have up to six. */
export const MAX_RANK = 64;

/** Inputs and outputs of all nodes together, ten times those of the largest graphs that anybody published. */
export const MAX_EDGES = 4_000_000;

/** Protobuf's own limit on a message, and so on a model without external data. */
export const MAX_MODEL_BYTES = 2 ** 31 - 1;
