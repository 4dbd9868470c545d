// The map of the last hidden layer while the network learns: searched for a slice at a time, the points gliding from map to map.
//
// A moment's map begins where that of the moment before lies, so it follows from the features of these moments alone, however
// fast they came. As long as some are missing, what is looked at goes on from what was shown last, for the time being.

import {mapping} from "./mapping.js";

const GLIDE_MS = 130;
const ARRIVED = 0.002; // of the map's size

export class LiveMap {
  constructor({now = () => performance.now()} = {}) {
    this.now = now;
    this.restart();
  }

  /** Another training: nothing is known yet. */
  restart() {
    Object.assign(this, {points: null, target: null, maps: [], given: new Map(), last: null, latest: null, wanted: null, work: null});
  }

  /** Features of a moment, bytes of shape [count, size]: mapped when there is nothing else to do, moment after moment. */
  prepare(features, moment) {
    if (moment >= this.maps.length) this.given.set(moment, features);
  }

  /** Features that are looked at; `moment` is null for a training on its way. */
  aim(features, moment) {
    const same = this.shows(features);
    if (same && this.latest.moment === moment) return;
    this.latest = {features, moment};
    if (moment !== null) this.prepare(features, moment);
    const map = moment === null ? null : this.maps[moment];
    const begun = moment !== null && this.work?.moment === moment;
    if (map) this.target = map.points;
    if (begun) this.work.waited = true;
    if (map || begun) this.wanted = null;
    else if (!same) this.wanted = this.latest;
  }

  /** Whether these are the features that are looked at. */
  shows({values}) {
    return this.latest?.features.values === values;
  }

  /** Whether there is anything to do. */
  get busy() {
    return Boolean(this.target || this.work || this.next);
  }

  /** Go on for at most `budget_ms`; `passed_ms` since the last time. Whether points have moved. */
  step(budget_ms, passed_ms) {
    const deadline = this.now() + budget_ms;
    const glided = this.glide(passed_ms);
    const grown = this.search(deadline);
    return glided || grown;
  }

  /** Search for maps until the time is over; whether the first of all is growing, which is shown as it does. */
  search(deadline) {
    const first = this.maps.length === 0;
    for (this.choose(); this.work; this.choose()) {
      const {value, done} = this.work.rows.next();
      if (done) this.found(value);
      else if (this.maps.length === 0) this.points = value;
      if (this.now() >= deadline) break;
    }
    return first && this.points !== null;
  }

  /** What is searched for next: what somebody waits for, then the next moment whose features are there. */
  get next() {
    const {maps, given, wanted, last} = this;
    const moment = maps.length;
    const follows = given.has(moment) && (moment === 0 || !wanted || wanted.moment === moment);
    if (follows) return {features: given.get(moment), moment, before: maps.at(-1), waited: wanted?.moment === moment};
    return wanted && moment > 0 ? {features: wanted.features, moment: null, before: last, waited: true} : null;
  }

  choose() {
    if (this.work && (this.work.waited || !this.wanted || this.maps.length === 0)) return;
    this.work = this.next; // what nobody waits for begins anew later
    if (!this.work) return;
    this.work.rows = mapping(this.work.features, this.work.before);
    if (this.work.waited) this.wanted = null;
  }

  /** A map is there: the points go to it if it is what is looked at, or on the way to that. */
  found(map) {
    const {features, moment, waited} = this.work;
    this.work = null;
    if (moment !== null) {
      this.maps.push(map);
      this.given.delete(moment);
    }
    const looked = (moment !== null && this.latest?.moment === moment) || (moment === null && this.shows(features));
    if (moment === 0) this.points = Float64Array.from(map.points);
    else if (looked || (waited && this.wanted)) this.target = map.points;
    if (moment === 0 || this.target === map.points) this.last = map;
  }

  /** Points glide to where they belong. */
  glide(ms) {
    const {points, target} = this;
    if (!target || !points) return false;
    const part = 1 - Math.exp(-ms / GLIDE_MS);
    let [reach, left] = [0, 0];
    for (let at = 0; at < points.length; at += 1) {
      const gap = target[at] - points[at];
      points[at] += part * gap;
      reach = Math.max(reach, Math.abs(target[at]));
      left = Math.max(left, (1 - part) * Math.abs(gap));
    }
    if (left <= ARRIVED * reach) {
      points.set(target);
      this.target = null;
    }
    return true;
  }
}
