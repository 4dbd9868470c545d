// The other tabs follow: the workspace's network is the moment that is being looked at.

import {make} from "../../dom.js";
import {ownName, ownParts} from "../../own_networks.js";
import {changedView, chosenMoment} from "../../view.js";

const REST_MS = 220; // of scrubbing, before the other tabs are told
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
    Object.assign(this, {desk, workspace, before: null, timer: null});
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
    clearTimeout(this.timer);
    this.mark();
  }

  toggle() {
    const {workspace} = this;
    const state = workspace.get();
    if (this.on) workspace.set(returned(state, this.before));
    else {
      this.before = Object.fromEntries(["net", "weights", ...ELSEWHERE].map((key) => [key, state[key]]));
      this.go();
    }
  }

  /** Another moment is looked at. */
  moment() {
    if (!this.on) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.on && this.go(), REST_MS);
  }

  go() {
    const {desk, workspace} = this;
    workspace.set(followed(workspace.get(), desk.handle, desk.moment ?? desk.newest));
  }

  destroy() {
    clearTimeout(this.timer);
    this.release();
  }
}
