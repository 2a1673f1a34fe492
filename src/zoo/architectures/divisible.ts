/**
 * A number of filters as a multiple of a divisor, the nearest, that is not below the divisor and not more than a tenth
 * below what was asked for. Source: `_make_divisible` of MobileNet in TensorFlow's slim, as Keras has it.
 */
export function nearestMultiple(filters: number, divisor = 8): number {
  const rounded = nearestMultipleOf(filters, divisor);
  return rounded < 0.9 * filters ? rounded + divisor : rounded;
}

/** The same, as far below as may be: EfficientNetV2's. */
export function nearestMultipleOf(filters: number, divisor: number): number {
  return Math.max(divisor, Math.floor(Math.trunc(filters + divisor / 2) / divisor) * divisor);
}
