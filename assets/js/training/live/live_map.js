// The map of the last hidden layer while the network learns: t-SNE that goes on from where it was, a slice at a time.

import {Descent, affinities, beginning, descend, divergence, perplexityFor} from "./tsne.js";

const START = {steps: 100, exaggeration: 4, momentum: 0.5}; // as the paper; twelvefold for 250 steps ends at a larger divergence here
const PUSH = {steps: 20, exaggeration: 2, momentum: 0.8}; // of other features: groups may come together that were apart
const REST = {exaggeration: 1, momentum: 0.8};
const PAUSE = 80; // steps without a push between two of them, that the map comes to rest
const STEPS = 400; // for one set of features
const SETTLED = 2e-4; // of the map's size, the longest way of a point in one step
const SLIDE_MS = 110;
const MOST_KEPT = 128;

const RATE = 50; // the least that scikit-learn takes, for few points

export class LiveMap {
  constructor({now = () => performance.now()} = {}) {
    this.now = now;
    this.restart();
  }

  /** Another training, or other pictures: nothing is known yet. */
  restart() {
    Object.assign(this, {points: null, descent: null, state: null, wanted: null, work: null, betas: undefined, kept: new Map(), target: null, begun: 0, rested: 0, loss: null});
  }

  /**
   * Features (bytes, shape [count, size]) to be mapped; `moment` is null for a training on its way. A moment seen before comes back as it was.
   */
  aim(features, moment) {
    const latest = this.wanted ?? this.work ?? this.state;
    if (latest?.features.values === features.values) {
      latest.moment ??= moment;
      return;
    }
    const [count] = features.shape;
    if (this.points && this.points.length !== 2 * count) this.restart();
    this.keep();
    const known = moment === null ? null : this.kept.get(moment);
    if (known && known.features.values === features.values) {
      [this.wanted, this.work, this.state, this.target] = [null, null, known, known.points];
      this.descent = new Descent(2 * count);
    } else [this.wanted, this.target] = [{features, moment}, null];
  }

  /** What a moment's map looks like stays with it. */
  keep() {
    const {state} = this;
    if (!state || state.moment === null || this.target) return;
    state.points = Float64Array.from(this.points);
    this.kept.delete(state.moment);
    this.kept.set(state.moment, state);
    if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value);
  }

  /** Whether there is anything to do. */
  get busy() {
    return Boolean(this.wanted || this.work || this.target || (this.state && this.state.left > 0));
  }

  /** Go on for at most `budget_ms`; `passed_ms` since the last time. Whether points have moved. */
  step(budget_ms, passed_ms) {
    const deadline = this.now() + budget_ms;
    if (this.target) return this.slide(passed_ms);
    let moved = false;
    if (this.work || this.wanted) this.prepare(deadline - 0.4 * budget_ms);
    for (let steps = this.fresh ? Infinity : 6; steps > 0 && this.state?.left > 0 && this.now() < deadline; steps -= 1) {
      this.advance();
      moved = true;
    }
    return moved;
  }

  /** The affinities of what is wanted, row by row; what was begun is ended first. */
  prepare(deadline) {
    if (!this.work) {
      const {features: {values, shape: [count, size]}} = this.wanted;
      this.work = {...this.wanted, rows: affinities(values, count, size, perplexityFor(count), this.betas?.length === count ? this.betas : undefined)};
      this.wanted = null;
    }
    let row = this.work.rows.next();
    while (!row.done && this.now() < deadline) row = this.work.rows.next();
    if (!row.done) return;
    const {features, moment} = this.work;
    this.work = null;
    this.begin({features, moment, joint: row.value.joint}, row.value.betas);
  }

  begin(state, betas) {
    const [count] = state.features.shape;
    this.betas = betas;
    const first = !this.points;
    if (first) {
      this.points = beginning(count);
      this.descent = new Descent(2 * count);
      this.begun = START.steps;
      [this.gradient, this.weights] = [new Float64Array(2 * count), new Float64Array(count * count)];
    }
    this.keep();
    this.descent.gains.fill(1); // gains of the old features would fling points about
    this.state = {...state, left: STEPS, push: first || this.rested < PAUSE ? 0 : PUSH.steps};
  }

  /** Whether the map is in its first exaggerated steps. */
  get fresh() {
    return this.begun > 0;
  }

  advance() {
    const {state, points, gradient, weights} = this;
    const phase = this.fresh ? START : state.push > 0 ? PUSH : REST;
    descend(state.joint, points, gradient, weights, phase.exaggeration);
    const longest = this.descent.step(points, gradient, {rate: RATE, momentum: phase.momentum});
    if (this.fresh) this.begun -= 1;
    else if (state.push > 0) [state.push, this.rested] = [state.push - 1, 0];
    else {
      this.rested += 1;
      state.left -= 1;
      if (longest < SETTLED * this.reach()) state.left = 0;
    }
    if (state.left === 0) this.loss = state.loss = divergence(state.joint, points);
  }

  reach() {
    return this.points.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  }

  /** Back to the map of a moment: points glide to where they were. */
  slide(ms) {
    const {points, target} = this;
    const part = 1 - Math.exp(-ms / SLIDE_MS);
    let left = 0;
    for (let at = 0; at < points.length; at += 1) {
      const gap = target[at] - points[at];
      points[at] += part * gap;
      left = Math.max(left, Math.abs(gap));
    }
    if (left < 0.003 * this.reach()) {
      points.set(target);
      this.target = null;
      this.loss = this.state.loss ?? null;
    }
    return true;
  }
}
