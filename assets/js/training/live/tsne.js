// Exact t-SNE for a few hundred points: affinities, divergence, gradient, descent. Nothing here touches the page.
// Source: van der Maaten & Hinton, JMLR 9, 2008.

const ROUNDS = 60;
const TOLERANCE = 1e-5; // of the entropy, in nats
const LONGEST_STEP = 5;
const SMALLEST_GAIN = 0.01;

/** A perplexity that `count` points allow: `wanted`, or a third of the others. */
export const perplexityFor = (count, wanted = 30) => Math.max(1, Math.min(wanted, (count - 1) / 3));

/** Squared distances of row `index` to the rows before it, written into both halves of `into` (count × count); their sum. */
export function squaredDistances(features, size, index, into, count) {
  let total = 0;
  for (let other = 0, at = 0; other < index; other += 1) {
    let sum = 0;
    for (let from = index * size, end = from + size; from < end; from += 1, at += 1) {
      const gap = features[from] - features[at];
      sum += gap * gap;
    }
    into[index * count + other] = into[other * count + index] = sum;
    total += sum;
  }
  return total;
}

/** p(j | i) ∝ exp(−β d²), 0 at `self`, written into `into`; `[entropy, its derivative by β]`. */
function weighed(squares, self, beta, least, into) {
  let [total, first, second] = [0, 0, 0];
  for (let other = 0; other < squares.length; other += 1) {
    if (other === self) continue;
    const gap = squares[other] - least; // the same p, and exp never falls to 0 everywhere
    const weight = (into[other] = Math.exp(-beta * gap));
    total += weight;
    first += weight * gap;
    second += weight * gap * gap;
  }
  into[self] = 0;
  for (let other = 0; other < squares.length; other += 1) into[other] /= total;
  const mean = first / total;
  return [Math.log(total) + beta * mean, -beta * (second / total - mean * mean)];
}

/**
 * p(j | i) with entropy log(perplexity), written into `into`; returns its β, sought from `start` by Newton's method,
 * by bisection where that would leave what is known to enclose it.
 *
 * Source: equation 1 and section 2.
 */
export function conditional(squares, self, perplexity, into, start = 1) {
  let least = Infinity;
  for (let other = 0; other < squares.length; other += 1) if (other !== self && squares[other] < least) least = squares[other];
  let [low, high, beta] = [0, Infinity, start];
  for (let round = 0; ; round += 1) {
    const [entropy, slope] = weighed(squares, self, beta, least, into);
    const excess = entropy - Math.log(perplexity);
    if (Math.abs(excess) < TOLERANCE || round === ROUNDS) return beta;
    if (excess > 0) low = beta;
    else high = beta;
    const next = beta - excess / slope;
    const between = high === Infinity ? 2 * beta : (low + high) / 2;
    beta = next > low && next < high && next < 8 * beta ? next : between;
  }
}

/**
 * The affinities p_ij of `features` (count × size), row by row: a generator to be run in slices.
 *
 * Its result is `{joint (count × count), betas (count)}`; `betas` of similar features shorten the search.
 * p_ij = (p(j | i) + p(i | j)) / 2n. Distances are divided by their mean, which changes no p.
 */
export function* affinities(features, count, size, perplexity = perplexityFor(count), betas = new Float64Array(count).fill(1)) {
  const joint = new Float64Array(count * count);
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    sum += squaredDistances(features, size, index, joint, count);
    yield;
  }
  const mean = (2 * sum) / (count * (count - 1)) || 1;
  const found = new Float64Array(count);
  const squares = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    const row = joint.subarray(index * count, (index + 1) * count);
    for (let other = 0; other < count; other += 1) squares[other] = row[other] / mean;
    found[index] = conditional(squares, index, perplexity, row, betas[index]);
    yield;
  }
  for (let one = 0; one < count; one += 1) {
    for (let other = 0; other < one; other += 1) {
      const [here, there] = [one * count + other, other * count + one];
      joint[here] = joint[there] = (joint[here] + joint[there]) / (2 * count);
    }
  }
  return {joint, betas: found};
}

/**
 * The gradient of the divergence at `points` (2n), written into `gradient`; returns the divergence KL(P ‖ Q).
 *
 * 4 Σ_j (e·p_ij − q_ij) w_ij (y_i − y_j), w_ij = 1 / (1 + |y_i − y_j|²), q_ij = w_ij / Σ w (equation 5), `exaggeration` e;
 * `weights` is room for n² numbers.
 */
export function descend(joint, points, gradient, weights, exaggeration = 1) {
  const count = points.length / 2;
  let total = 0;
  for (let one = 1; one < count; one += 1) {
    const [x, y] = [points[2 * one], points[2 * one + 1]];
    for (let other = 0, at = one * count; other < one; other += 1, at += 1) {
      const [across, down] = [x - points[2 * other], y - points[2 * other + 1]];
      total += weights[at] = 1 / (1 + across * across + down * down);
    }
  }
  gradient.fill(0);
  const share = 1 / (2 * total);
  for (let one = 1; one < count; one += 1) {
    const [x, y] = [points[2 * one], points[2 * one + 1]];
    let [sumX, sumY] = [0, 0];
    for (let other = 0, at = one * count; other < one; other += 1, at += 1) {
      const weight = weights[at];
      const pull = 4 * (exaggeration * joint[at] - weight * share) * weight;
      const [across, down] = [pull * (x - points[2 * other]), pull * (y - points[2 * other + 1])];
      sumX += across;
      sumY += down;
      gradient[2 * other] -= across;
      gradient[2 * other + 1] -= down;
    }
    gradient[2 * one] += sumX;
    gradient[2 * one + 1] += sumY;
  }
  return total;
}

/** KL(P ‖ Q) = Σ p_ij log(p_ij / q_ij) of a map. */
export function divergence(joint, points) {
  const count = points.length / 2;
  let [total, sum, mass] = [0, 0, 0];
  for (let one = 1; one < count; one += 1) {
    for (let other = 0; other < one; other += 1) {
      const square = (points[2 * one] - points[2 * other]) ** 2 + (points[2 * one + 1] - points[2 * other + 1]) ** 2;
      const share = joint[one * count + other];
      total += 2 / (1 + square);
      mass += 2 * share;
      if (share > 0) sum += 2 * share * (Math.log(share) + Math.log1p(square));
    }
  }
  return sum + mass * Math.log(total);
}

/** Momentum, and a gain for each coordinate (Jacobs, Neural Networks 1, 1988): as visualizer/maths/tsne.py. */
export class Descent {
  constructor(length) {
    this.velocity = new Float64Array(length);
    this.gains = new Float64Array(length).fill(1);
  }

  /** Move `points` (x, y, x, y, …), and put their mean back to 0; returns the longest way. */
  step(points, gradient, {rate, momentum}) {
    const {velocity, gains} = this;
    let longest = 0;
    let [meanX, meanY] = [0, 0];
    for (let at = 0; at < points.length; at += 2) {
      for (let axis = at; axis < at + 2; axis += 1) {
        gains[axis] = Math.sign(velocity[axis]) === Math.sign(gradient[axis]) ? gains[axis] * 0.8 + SMALLEST_GAIN : gains[axis] + 0.2;
        velocity[axis] = momentum * velocity[axis] - rate * gains[axis] * gradient[axis];
      }
      const length = Math.hypot(velocity[at], velocity[at + 1]);
      const part = LONGEST_STEP / Math.max(length, LONGEST_STEP);
      meanX += points[at] += velocity[at] *= part;
      meanY += points[at + 1] += velocity[at + 1] *= part;
      longest = Math.max(longest, length * part);
    }
    for (let at = 0; at < points.length; at += 2) {
      points[at] -= (2 * meanX) / points.length;
      points[at + 1] -= (2 * meanY) / points.length;
    }
    return longest;
  }
}

/** Points to begin with: a small cloud, the same for the same seed (Marsaglia's polar method). */
export function beginning(count, seed = 1, spread = 1e-2) {
  const points = new Float64Array(2 * count);
  let state = seed >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (2 * (state >>> 8)) / 2 ** 24 - 1;
  };
  for (let at = 0; at < points.length; at += 2) {
    let [x, y, square] = [0, 0, 0];
    do {
      [x, y] = [uniform(), uniform()];
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const factor = spread * Math.sqrt((-2 * Math.log(square)) / square);
    [points[at], points[at + 1]] = [x * factor, y * factor];
  }
  return points;
}
