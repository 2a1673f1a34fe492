/**
 * Numbers drawn from a seed, the same on every machine. The generator is sfc32 (Chris Doty-Humphrey, PractRand): 128
 * bits of state, passes PractRand and BigCrush, and needs 32-bit integers only. The seed is spread over the state with
 * splitmix32's finalizer, so that neighbouring seeds share nothing.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private spare: number | undefined;

  constructor(seed: number) {
    const low = seed >>> 0;
    const high = Math.floor(seed / 2 ** 32) >>> 0;
    this.a = mix(low);
    this.b = mix(high ^ 0x9e3779b9);
    this.c = mix(low + 0x85ebca6b);
    for (let round = 0; round < 12; round++) this.next();
  }

  /** Uniform over the 2³² integers from 0. */
  next(): number {
    const result = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** Uniform in [0, 1), with 53 random bits. */
  uniform(): number {
    return ((this.next() >>> 5) * 2 ** 26 + (this.next() >>> 6)) * 2 ** -53;
  }

  /** Standard normal, by Box and Muller's transform; draws come in pairs. */
  normal(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Standard normal, drawn again beyond two standard deviations, as TensorFlow's truncated normal. */
  truncatedNormal(): number {
    for (;;) {
      const value = this.normal();
      if (Math.abs(value) <= 2) return value;
    }
  }
}

function mix(value: number): number {
  let bits = (value + 0x9e3779b9) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return bits ^ (bits >>> 15);
}
