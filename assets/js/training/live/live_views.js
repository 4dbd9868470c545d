// What moves while a network learns: filters, feature maps, confusion, worst mistakes, the map of the last hidden layer, the scrubber.
// All of it is drawn from desk.shown; nothing is computed or drawn while hidden.

import {make} from "../../dom.js";
import {readDisplay} from "./display.js";
import {FiltersPart} from "./filters_part.js";
import {Follow} from "./follow.js";
import {FrameLoop} from "./frame_loop.js";
import {LayerBar} from "./layer_bar.js";
import {badgeText} from "./live_words.js";
import {MapPart} from "./map_part.js";
import {MapsPart} from "./maps_part.js";
import {MatrixPart} from "./matrix_part.js";
import {MistakesPart} from "./mistakes_part.js";
import {Scrubber} from "./scrubber.js";
import {Thumbs} from "./thumbs.js";

const INVITATION = "Start the training: its filters, feature maps, mistakes and the map of its last hidden layer appear here and move as it learns.";
const WAITING = "The training is being prepared …";
const ANSWERS = ["predicted", "losses", "features", "featured", "moment"]; // what the network makes of many pictures

export class LiveViews {
  /** `page` is filled; `desk` is the TrainingDesk, `onShow(fn)` tells of being shown and hidden. */
  constructor(page, {desk, workspace, onShow}) {
    Object.assign(this, {desk, display: null, read: null, shown: false, stale: true});
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.loop = new FrameLoop((ms) => this.frame(ms));
    const wake = () => this.loop.wake();
    const choose = (example) => desk.look({example, own: false});
    this.thumbs = new Thumbs({desk, onReady: () => this.redraw()});
    const shared = {desk, thumbs: this.thumbs, choose};
    this.scrubber = new Scrubber({desk, wake, warm: () => this.warm()});
    this.follow = new Follow({desk, workspace});
    this.scrubber.follow.append(this.follow.element);
    this.layers = new LayerBar({onLayer: (layer) => desk.look({layer})});
    this.parts = [FiltersPart, MapsPart, MatrixPart, MapPart, MistakesPart].map((Part) => Object.assign(new Part(shared), {wake}));
    this.build(page);
    this.watch();
    const pictured = (_, keys) => keys.includes("picture") && this.shown && desk.info && this.take();
    this.release = [desk.onChange((keys) => this.changed(keys)), onShow((on) => this.show(on)), workspace.subscribe(pictured)];
    if (desk.info) this.open();
  }

  build(page) {
    this.invitation = make("p", {class: "vz-tl-invitation vz-muted"}, INVITATION);
    this.bar = make("div", {class: "vz-tl-bar"}, this.scrubber.element, this.layers.element);
    this.grid = make("div", {class: "vz-tl-grid"}, ...this.parts.map(({element}) => element));
    this.body = make("div", {class: "vz-tl-body", hidden: true}, this.bar, this.grid);
    this.element = make("div", {class: "vz-tl"}, this.invitation, this.body);
    page.append(this.element);
  }

  /** Which parts are on the screen, and what changes their size or colours. */
  watch() {
    this.seen = new WeakMap();
    this.eyes = new IntersectionObserver((entries) => {
      for (const {target, isIntersecting} of entries) this.seen.set(target, isIntersecting);
      this.redraw();
    }, {rootMargin: "120px"});
    this.parts.forEach(({element}) => this.eyes.observe(element));
    this.sizes = new ResizeObserver(() => this.redraw());
    this.sizes.observe(this.grid);
    this.themes = new MutationObserver(() => this.redraw());
    for (const node of [document.documentElement, document.body]) this.themes.observe(node, {attributes: true, attributeFilter: ["class"]});
  }

  show(on) {
    this.shown = on;
    if (!on) this.scrubber.stop();
    else if (this.desk.info) this.take();
    if (on && this.desk.ended) this.warm();
    this.loop.run(on);
  }

  redraw() {
    for (const part of [this.scrubber, ...this.parts]) part.dirty = true;
    this.stale = true;
    this.loop.wake();
  }

  changed(keys) {
    if (keys.includes("opened")) this.open();
    if (keys.includes("status")) this.invite();
    if (!this.desk.info) return;
    if (keys.includes("status") && this.desk.ended) this.warm();
    if (keys.includes("moment")) this.follow.moment();
    if (this.shown) this.take();
  }

  invite() {
    const {info, status, shown} = this.desk;
    this.invitation.hidden = Boolean(info && shown);
    this.invitation.textContent = info || status === "opening" ? WAITING : INVITATION;
    if (this.body.hidden !== !(info && shown)) {
      this.body.hidden = !(info && shown);
      this.redraw();
    }
  }

  /** Another training, or none. */
  open() {
    const {info} = this.desk;
    this.read = this.display = this.heard = this.answers = null;
    this.thumbs.clear();
    this.parts.forEach((part) => part.open());
    this.follow.open();
    if (info) this.layers.open(info.layers);
    if (info) this.begin();
    this.invite();
  }

  /** What the untrained network looks like: the parts that compare with it have it whichever moment is shown first. */
  async begin() {
    const {handle} = this.desk;
    const display = await this.moment(0);
    if (display && handle === this.desk.handle) this.parts.forEach((part) => part.begin?.(display));
    this.loop.wake();
  }

  /** A moment's display; null where it cannot be had: the moment itself, once chosen, will say why. */
  async moment(moment) {
    try {
      return readDisplay(await this.desk.display(moment));
    } catch (error) {
      if (error.name !== "AbortError") console.warn(error.message);
      return null;
    }
  }

  /** Hand what is shown to all parts; they draw it at the next frame. */
  take() {
    const {desk} = this;
    const {info, labels, shown, status} = desk;
    if (Boolean(shown) === this.body.hidden) this.invite();
    if (!shown || !labels) return;
    if (shown !== this.read) [this.read, this.display] = [shown, this.newest(readDisplay(shown))];
    const {display} = this;
    const name = display.layer ?? desk.layer;
    const layer = info.layers.find((one) => one.name === name) ?? info.layers[0];
    this.layers.show(desk.layer);
    const badge = badgeText({status, moment: desk.moment, step: display.step ?? info.step, epochs: info.epochs, kept: desk.failed ? desk.history.moments.at(-1)?.step : null});
    const scene = {names: info.classes, labels, layer, badge, example: desk.example, own: desk.looking.own, ownable: desk.looking.picture !== null};
    this.scrubber.take({right: desk.moment === null ? this.rightOf(display, labels) : this.scrubber.right});
    this.parts.forEach((part) => part.take(display, scene));
    this.loop.wake();
  }

  /** A display of now, with the newest answers there are: while the training is quick, they come more rarely than filters. */
  newest(display) {
    if (this.desk.moment !== null) return {...display, answered: display.step};
    if (display.predicted && display.predicted !== this.heard) {
      this.heard = display.predicted;
      this.answer(display);
    }
    return {...display, ...this.answers};
  }

  answer(display) {
    if (this.answers && this.answers.answered > display.step) return;
    this.answers = {answered: display.step, ...Object.fromEntries(ANSWERS.map((name) => [name, display[name]]))};
  }

  /** How many pictures are right in a display. */
  rightOf({predicted, answered}, labels) {
    if (!predicted) return null;
    let right = 0;
    for (let index = 0; index < predicted.length; index += 1) right += predicted[index] === labels[index] ? 1 : 0;
    return {right, count: predicted.length, step: answered};
  }

  frame(passed_ms) {
    const ms = this.still.matches ? Infinity : passed_ms; // where motion is not wanted, everything is at once where it belongs
    if (this.stale) [this.scrubber, ...this.parts].forEach((part) => part.measure());
    this.stale = false;
    let moving = this.scrubber.step(ms);
    for (const part of this.parts) {
      if (this.seen.get(part.element) && part.step(ms)) moving = true;
    }
    return moving;
  }

  /** Have all moments at hand before they are looked at; one after the other, each once. */
  async warm() {
    const {desk} = this;
    if (this.warming || !this.shown || !desk.handle || desk.status === "running") return;
    const {handle} = desk;
    this.warming = true;
    for (const {moment} of [...desk.history.moments]) {
      const display = await this.moment(moment);
      if (!display || handle !== desk.handle) break;
      this.parts.forEach((part) => part.prepare?.(display));
      this.loop.wake();
    }
    this.warming = false;
  }

  destroy() {
    this.loop.run(false);
    this.release.forEach((release) => release());
    this.eyes.disconnect();
    this.sizes.disconnect();
    this.themes.disconnect();
    this.scrubber.destroy();
    this.follow.destroy();
    this.parts.forEach((part) => part.destroy?.());
  }
}
