// Which waves a kernel lets through: the magnitude of its Fourier transform, as in visualizer/maths/filters.py.

import {format} from "../colour.js";

/**
 * |sum of w[a, b] exp(-2πi (u a + v b))| for u (down), v (across) of -1/2 to 1/2 cycles per cell: `size` × `size`, frequency 0 at
 * [size / 2, size / 2]. `kernels`: several add as energies, each `height` × `width` numbers.
 */
export function frequencyResponse(kernels, height, width, size = 32) {
  const energy = new Float64Array(size * size);
  const [down, across] = [waves(height, size), waves(width, size)];
  for (const kernel of kernels) {
    // rows first: one sum per kernel row and horizontal frequency
    const rows = Array.from({length: height}, (_, row) => across.map((wave) => sum(wave, (column) => [kernel[row * width + column], 0])));
    for (let u = 0; u < size; u += 1) {
      for (let v = 0; v < size; v += 1) {
        const [real, imaginary] = sum(down[u], (row) => rows[row][v]);
        energy[u * size + v] += real * real + imaginary * imaginary;
      }
    }
  }
  return Float32Array.from(energy, Math.sqrt);
}

/** cos and sin of every frequency at every place. */
function waves(length, size) {
  return Array.from({length: size}, (_, index) => {
    const turn = (-2 * Math.PI * (index - Math.floor(size / 2))) / size;
    return Array.from({length}, (__, place) => [Math.cos(turn * place), Math.sin(turn * place)]);
  });
}

function sum(wave, valueAt) {
  let [real, imaginary] = [0, 0];
  wave.forEach(([cosine, sine], place) => {
    const [a, b] = valueAt(place);
    real += a * cosine - b * sine;
    imaginary += a * sine + b * cosine;
  });
  return [real, imaginary];
}

/** The strongest frequency: `{u, v, gain}` in cycles per cell, and `flat`, the gain of a constant area. */
export function strongestWave(response, size) {
  const place = response.reduce((best, value, index) => (value > response[best] + 1e-9 ? index : best), 0);
  const cycles = (index) => (index - Math.floor(size / 2)) / size;
  const middle = Math.floor(size / 2);
  return {u: cycles(Math.floor(place / size)), v: cycles(place % size), gain: response[place], flat: response[middle * size + middle]};
}

/** The same in words. */
export function waveText(response, size, {kernels = 1} = {}) {
  const {u, v, gain, flat} = strongestWave(response, size);
  if (!(gain > 0)) return "It lets nothing through: all of its weights are 0.";
  const cycles = Math.hypot(u, v);
  if (cycles === 0) return `It lets even areas through most (× ${format(gain, 3)}): ${kernels > 1 ? "it answers to colour rather than to edges" : "it smooths"}.`;
  const share = Math.round((100 * flat) / gain);
  const even = share === 0 ? "hardly anything of even areas" : `of even areas ${share} % of that`;
  return `It lets ${direction(u, v)} that repeat every ${format(1 / cycles, 2)} cells through most (× ${format(gain, 3)}), and ${even}.`;
}

function direction(u, v) {
  const angle = (Math.atan2(Math.abs(u), Math.abs(v)) * 180) / Math.PI; // of the wave's travel from across to down
  if (angle > 67.5) return "horizontal stripes";
  if (angle < 22.5) return "vertical stripes";
  return "diagonal stripes";
}
