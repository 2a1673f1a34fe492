import { describe, expect, it } from 'vitest';
import { joinMovements, movementOf, relativeMovement } from '../../../../src/core/weights/movement';

const numbers = (...values: readonly number[]) => Float32Array.from(values);

describe('the movement of weights', () => {
  it('is the norm of the difference by the norm before', () => {
    const movement = movementOf(numbers(3, 4), numbers(3, 4.5));
    expect(movement).toEqual({ moved: 0.25, before: 25 });
    expect(relativeMovement(movement)).toBe(0.1);
  });

  it('is exactly none where nothing has moved, whatever was there', () => {
    expect(relativeMovement(movementOf(numbers(0.1, -7), numbers(0.1, -7)))).toBe(0);
    expect(relativeMovement(movementOf(numbers(0, 0), numbers(0, 0)))).toBe(0);
  });

  it('has no value where all was zero before', () => {
    expect(relativeMovement(movementOf(numbers(0, 0), numbers(0, 1)))).toBeUndefined();
  });

  it('of several weights is that of all their numbers in one', () => {
    const parts = [movementOf(numbers(3), numbers(0)), movementOf(numbers(4), numbers(8))];
    expect(relativeMovement(joinMovements(parts))).toBe(
      relativeMovement(movementOf(numbers(3, 4), numbers(0, 8))),
    );
  });
});
