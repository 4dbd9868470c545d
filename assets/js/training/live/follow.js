// The other tabs follow: the workspace's network is the moment that is being looked at.

import {make} from "../../dom.js";
import {ownName, ownParts} from "../../own_networks.js";
import {changedView, chosenMoment} from "../../view.js";

const REST_MS = 220; // of scrubbing, either way, before the other tabs are told
const MOST_MS = 1000; // of a training whose epochs are shorter
const ELSEWHERE = ["layer", "channel", "cell", "target"]; // what belongs to one network only

/** Whether a network's name is that of a training, at any of its moments. */
export const isOf = (training, net) => Boolean(training) && ownParts(net)?.training === training;

/** What brings the workspace to a moment of a training. */
export function followed(state, training, moment) {
  const name = ownName(training, moment);
  if (isOf(training, state.net)) return chosenMoment(state, name);
  return changedView(state, {net: name, weights: null, ...Object.fromEntries(ELSEWHERE.map((key) => [key, null]))});
}

/** What brings the workspace back to where it was before it followed. */
export const returned = (state, before) => changedView(state, before);

/** The button, and what it does: `open()` with another training, `moment()` with another moment. */
export class Follow {
  constructor({desk, workspace}) {
    Object.assign(this, {desk, workspace, before: null, timer: null, since: null});
    this.element = make("button", {class: "vz-button", type: "button", "aria-pressed": "false", onclick: () => this.toggle()}, "Other tabs follow");
    this.release = workspace.subscribe((_, keys) => keys.includes("net") && this.mark());
    this.mark();
  }

  /** Whether the other tabs show this training. */
  get on() {
    return isOf(this.desk.handle, this.workspace.get().net);
  }

  mark() {
    const {on} = this;
    this.element.setAttribute("aria-pressed", String(on));
    this.element.disabled = !this.desk.handle || (on && !this.before);
    this.element.title = on ? (this.before ? "The other tabs show this moment; again: back to the network they showed before" : "The other tabs show this moment; choose another network in the menu to end it") : "All other tabs show the network as it is at this moment, and follow";
  }

  open() {
    this.rest();
    this.mark();
  }

  toggle() {
    const {workspace} = this;
    const state = workspace.get();
    if (this.on) {
      this.rest();
      workspace.set(returned(state, this.before));
    } else {
      this.before = Object.fromEntries(["net", "weights", ...ELSEWHERE].map((key) => [key, state[key]]));
      this.go();
    }
  }

  /** Another moment is looked at: the other tabs follow once it rests, or now and then while it does not. */
  moment() {
    if (!this.on) return;
    clearTimeout(this.timer);
    this.since ??= performance.now();
    const patience_ms = Math.max(0, MOST_MS - (performance.now() - this.since));
    this.timer = setTimeout(() => this.on && this.go(), Math.min(REST_MS, patience_ms));
  }

  go() {
    const {desk, workspace} = this;
    this.rest();
    const patch = followed(workspace.get(), desk.handle, desk.moment ?? desk.newest);
    if (patch.net !== workspace.get().net) workspace.set(patch);
  }

  rest() {
    clearTimeout(this.timer);
    this.since = null;
  }

  destroy() {
    this.rest();
    this.release();
  }
}
