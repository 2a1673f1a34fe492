/**
 * Numbers for dropout and noise: xoshiro128** (Blackman and Vigna, 2018), seeded through splitmix32. One stream a
 * call of a layer and a step, so that neither the order of layers nor a resumed run changes what is drawn.
 */
export interface RandomStream {
  /** Uniform in [0, 1), 24 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

export function randomStream(...seeds: readonly number[]): RandomStream {
  let mixed = 0x9e3779b9;
  for (const seed of seeds) mixed = mix(mixed ^ Math.imul(seed >>> 0, 0x85ebca6b) ^ (seed / 2 ** 32));
  const state = new Uint32Array(4).map(() => mix((mixed = (mixed + 0x9e3779b9) | 0)));

  const uniform = () => {
    const scrambled = Math.imul(state[1], 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = (state[3] << 11) | (state[3] >>> 21);
    return (result >>> 8) / 2 ** 24;
  };
  /** Box and Muller; the second number of each pair is not kept. */
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}
