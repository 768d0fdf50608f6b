/**
 * Noise that depends on nothing but a seed, a name and a time: the value of an instant is the same wherever a run begins,
 * so a history and the live hours after it join without a seam, and the same command gives the same messages.
 */
export interface Noise {
  /** A fixed number of a name, in [0, 1). */
  unit(name: string): number;
  /** Unrelated from one step of time to the next, in [-1, 1). */
  grain(name: string, time: number, step?: number): number;
  /** Drifts smoothly over about `span` milliseconds, in [-1, 1]. */
  smooth(name: string, time: number, span: number): number;
}

/** First number of mulberry32 begun with a 32-bit state, in [0, 1). */
const mulberry32 = (state: number): number => {
  let t = (state + 0x6d2b79f5) | 0;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

/** FNV-1a, 32 bits. */
const hash = (text: string, seed: number): number => {
  let value = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value;
};

export const createNoise = (seed: number): Noise => {
  const at = (name: string, index: number): number =>
    mulberry32(hash(name, seed) ^ Math.imul(index | 0, 0x9e3779b1) ^ Math.floor(index / 4294967296));
  const smooth = (name: string, time: number, span: number): number => {
    const index = Math.floor(time / span);
    const turn = (1 - Math.cos((time / span - index) * Math.PI)) / 2;
    return 2 * (at(name, index) * (1 - turn) + at(name, index + 1) * turn) - 1;
  };
  return {
    unit: (name) => at(name, 0),
    grain: (name, time, step = 1000) => 2 * at(name, Math.floor(time / step)) - 1,
    smooth,
  };
};
