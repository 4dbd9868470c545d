// The clerk of the augmentation panel: the menu of transforms, and the draws of the pipeline as it is now.

import {Recent} from "../answers.js";
import {address, getArrays, getJSON} from "../api.js";
import {classLabels} from "../class_labels.js";
import {viewParameters} from "../store.js";
import {isUpload, sampleOf} from "../view.js";
import {COUNT} from "./au_words.js";
import {namedSteps, sheetOf} from "./draw_sheet.js";
import {Follower} from "./follower.js";
import {formatPipeline, parsePipeline, recordOf} from "./pipeline.js";

const REST_MS = 220; // after which a slider counts as let go
const SHEET_SIDE = 224;
const LARGE_SIDE = 448;

export class AugmentDesk {
  /** `state`: the panel's own; `say(sentences)` tells what a link asks for in vain. */
  constructor({workspace, state, say}) {
    Object.assign(this, {workspace, state, say, menu: null, steps: null, sheet: null, question: null, error: null, front: false});
    this.listeners = new Set();
    this.origins = new Map(); // handle of an adopted draw: the picture it was drawn from, its number
    this.untouched = new Recent(8); // by sample: its sheet of one picture, before anything is done to it
    this.own = new Set(); // handles of the visitor's own pictures, as seen in the workspace or sent to be mixed in
    this.base = null; // the run on the picture itself
    this.follower = new Follower({
      work: (question, signal) => this.draws(question, signal),
      show: (sheet, question) => this.arrived(sheet, question),
      fail: (error, question) => this.partnerGone(error, question) || this.failed(error),
    });
    this.release = [
      workspace.subscribe((_, keys) => this.changed(keys)),
      state.subscribe((_, keys) => keys.some((key) => ["pipeline", "seed", "partner"].includes(key)) && this.ask()),
    ];
  }

  /** Be told: `listener(keys)` with "menu", "sheet", "settled", "steps", "failed". */
  onChange(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(...keys) {
    for (const listener of [...this.listeners]) listener(keys);
  }

  changed(keys) {
    if (keys.includes("net")) this.labels = null;
    this.remember();
    if (keys.some((key) => ["picture", "net", "run"].includes(key))) this.ask();
  }

  /** Keep the run on the picture itself: an adopted draw has one of its own. */
  remember() {
    const {run, picture} = this.workspace.get();
    if (isUpload(picture) && !this.origins.has(picture)) this.own.add(picture);
    if (run && !this.origins.has(picture)) this.base = {run, view: JSON.stringify(this.view())};
  }

  /** Whether the panel is in front; behind others it asks for nothing. */
  async active(front) {
    if (front === this.front) return;
    this.front = front;
    this.remember();
    if (!front) return this.rest();
    if (!this.menu) await this.open();
    return this.ask();
  }

  /** What is not answered yet is asked again when the panel is back in front. */
  rest() {
    clearTimeout(this.timer);
    this.timer = null;
    this.follower.cancel();
    if (this.question !== this.asked) this.asked = null;
  }

  async open() {
    try {
      [this.menu, this.catalogue] = await Promise.all([getJSON("augment/menu"), getJSON("catalogue")]);
    } catch (error) {
      return this.failed(error);
    }
    const {steps, sentences} = this.readSteps(this.state.get().pipeline);
    if (sentences.length) this.say(sentences);
    this.steps = steps;
    this.error = null;
    return this.tell("menu", "steps");
  }

  /** The preset one starts with. */
  get usual() {
    return this.menu.presets.find(({name}) => name === this.menu.default) ?? this.menu.presets[0];
  }

  /** The steps that a text means; of one that cannot be read, the preset one starts with, and why. */
  readSteps(text) {
    const {pipeline: usual, title} = this.usual;
    if (text === null) return {steps: parsePipeline(usual, this.menu), sentences: []};
    try {
      return {steps: parsePipeline(text, this.menu), sentences: []};
    } catch (error) {
      return {steps: parsePipeline(usual, this.menu), sentences: [`${error.message} The pipeline “${title}” is shown instead.`]};
    }
  }

  /** Whether a step that is on mixes two pictures. */
  get mixes() {
    return this.steps?.some(({id, on}) => on && recordOf(this.menu, id).pair) ?? false;
  }

  /** The second picture that is asked for; undefined where the server shall choose, or none is needed. */
  get partner() {
    const {partner} = this.state.get();
    return this.mixes && partner !== null && partner !== this.picture ? partner : undefined;
  }

  /** What a picture is called. */
  titleOf(handle) {
    return isUpload(handle) ? "Your picture" : (sampleOf(this.catalogue, handle)?.title ?? handle);
  }

  /** Other steps: `shown` where the cards have them already. */
  setSteps(steps, {shown = true} = {}) {
    this.steps = steps;
    const text = formatPipeline(steps, this.menu);
    this.state.set({pipeline: text === this.usual.pipeline ? null : text});
    this.tell(...(shown ? ["pipeline"] : ["pipeline", "steps"]));
  }

  get pipeline() {
    return formatPipeline(this.steps, this.menu);
  }

  /** The other panels look at a draw from now on; this one goes on with the picture it came from. */
  adopted(handle, picture, number) {
    this.origins.set(handle, {picture, number});
  }

  /** The picture that is drawn from. */
  get picture() {
    const {picture} = this.workspace.get();
    return this.origins.get(picture)?.picture ?? picture;
  }

  /** The number of the draw that the other panels look at; null where they look at the picture itself. */
  get adoptedDraw() {
    return this.origins.get(this.workspace.get().picture)?.number ?? null;
  }

  /** Which network sees which picture, before anything is done to it. */
  view() {
    return {...viewParameters(this.workspace.get()), picture: this.picture};
  }

  /** The network's run on the picture itself; null while unknown. */
  get known() {
    return this.base?.view === JSON.stringify(this.view()) ? this.base.run : null;
  }

  /** Ask for the draws of what is set now. */
  ask() {
    const {picture} = this;
    if (!this.front || !this.menu || !picture) return;
    const question = {picture, pipeline: this.pipeline, seed: this.state.get().seed, partner: this.partner, count: COUNT, side: SHEET_SIDE};
    if (JSON.stringify(question) === JSON.stringify(this.asked)) return;
    clearTimeout(this.timer);
    this.asked = question;
    this.timer = setTimeout(() => this.settle(), REST_MS);
    this.follower.ask(question);
  }

  /** The sheet of draws, with the picture's objects: `{…, origin, objects}`. */
  async draws(question, signal) {
    const [answer, origin] = await Promise.all([getArrays("augment/draws", question, {signal}), this.originOf(question)]);
    return {...(await sheetOf(answer)), origin, objects: origin?.draws[0].boxes ?? []};
  }

  /** A sample as it is, as a sheet of one: where its objects are before; null for pictures without. */
  async originOf({picture, side}) {
    if (isUpload(picture)) return null;
    const known = this.untouched.get(picture) ?? getArrays("augment/draws", {picture, side, count: 1}).then(sheetOf);
    this.untouched.set(picture, known);
    return known.catch(() => {
      this.untouched.entries.delete(picture);
      return null; // the draws tell what is wrong
    });
  }

  /** Where the second picture is no longer there, the usual one takes its place, and why is said. */
  partnerGone(error, {partner}) {
    if (!partner || ![404, 410].includes(error.status) || partner !== this.state.get().partner) return false;
    this.own.delete(partner);
    this.state.set({partner: null});
    this.say([`${error.message} The usual one is mixed in instead.`]);
    return true;
  }

  arrived(sheet, question) {
    const drawn = parsePipeline(question.pipeline, this.menu);
    const titles = drawn.map(({id}) => recordOf(this.menu, id).title);
    Object.assign(this, {sheet: namedSteps(sheet, titles), question, drawn, error: null});
    this.tell("sheet");
    if (!this.timer && question === this.asked) this.tell("settled");
  }

  /** The slider rests: now the large picture and the network are worth asking. */
  settle() {
    this.timer = null;
    if (this.question === this.asked) this.tell("settled");
  }

  failed(error) {
    this.error = error.message;
    this.asked = null;
    this.tell("failed");
  }

  retry() {
    this.error = null;
    if (this.menu) this.ask();
    else this.open().then(() => this.ask());
  }

  /** The address of one draw, large; for null, of the picture before. */
  drawAddress(question, number) {
    const {picture, pipeline, seed, partner} = question;
    const asked = number === null ? {picture} : {picture, pipeline, seed, partner, number};
    return address("augment/draw", {...asked, side: LARGE_SIDE});
  }

  zipAddress() {
    const {picture, pipeline, seed, partner, count} = this.question;
    return address("augment/zip", {picture, pipeline, seed, partner, count});
  }

  /** A class's name, or its number while names are on their way. */
  className(index) {
    const {run, net} = this.workspace.get();
    if (!this.labels && run) classLabels(net).then((labels) => (this.labels = labels)).catch(() => null);
    return this.labels?.[index] ?? run?.top.find((entry) => entry.index === index)?.label ?? `class ${index}`;
  }

  destroy() {
    this.release.forEach((release) => release());
    this.rest();
    this.state.destroy();
  }
}
