// The clerk of the augmentation panel: the menu of transforms, and the draws of the pipeline as it is now.

import {address, getArrays, getJSON} from "../api.js";
import {classLabels} from "../class_labels.js";
import {viewParameters} from "../store.js";
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
    this.base = null; // the run on the picture itself
    this.follower = new Follower({
      work: async (question, signal) => sheetOf(await getArrays("augment/draws", question, {signal})),
      show: (sheet, question) => this.arrived(sheet, question),
      fail: (error) => this.failed(error),
    });
    this.release = [
      workspace.subscribe((_, keys) => this.changed(keys)),
      state.subscribe((_, keys) => keys.some((key) => ["pipeline", "seed"].includes(key)) && this.ask()),
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
      this.menu = await getJSON("augment/menu");
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
    const question = {picture, pipeline: this.pipeline, seed: this.state.get().seed, count: COUNT, side: SHEET_SIDE};
    if (JSON.stringify(question) === JSON.stringify(this.asked)) return;
    clearTimeout(this.timer);
    this.asked = question;
    this.timer = setTimeout(() => this.settle(), REST_MS);
    this.follower.ask(question);
  }

  arrived(sheet, question) {
    const titles = parsePipeline(question.pipeline, this.menu).map(({id}) => recordOf(this.menu, id).title);
    Object.assign(this, {sheet: namedSteps(sheet, titles), question, error: null});
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
    const {picture, pipeline, seed} = question;
    const asked = number === null ? {picture} : {picture, pipeline, seed, number};
    return address("augment/draw", {...asked, side: LARGE_SIDE});
  }

  zipAddress() {
    const {picture, pipeline, seed, count} = this.question;
    return address("augment/zip", {picture, pipeline, seed, count});
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
