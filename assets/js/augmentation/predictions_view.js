// What the network says to each draw: how many keep the class, and how sure it is of it.

import {postFrames} from "../api.js";
import {make} from "../dom.js";
import {percentage} from "../prediction.js";
import {retryMessage} from "../retry_message.js";
import {asVisitor} from "../visitor.js";
import {agreementText} from "./draw_words.js";
import {paintTile} from "./draw_sheet.js";

const REST_MS = 350; // after the last move of a slider

export class PredictionsView {
  /** `desk` tells of new draws; `verdicts(answers | null)` and `choose(number)` belong to the grid. */
  constructor(page, {desk, workspace, verdicts, choose, onShow}) {
    Object.assign(this, {desk, workspace, verdicts, choose, key: null, answers: []});
    this.summary = make("p", {class: "vz-au-agreement", id: "vz-au-agreement", role: "status"});
    this.mean = make("p", {class: "vz-muted vz-au-mean"});
    this.classes = make("ul", {class: "vz-au-classes", "aria-label": "Most probable classes"});
    this.rows = make("ol", {class: "vz-au-rows", "aria-label": "Draws by the probability of the class"});
    this.message = retryMessage("au-predictions", {onRetry: () => this.ask()});
    this.left = make("div", {class: "vz-au-verdicts"}, this.summary, this.mean, this.classes);
    this.element = make("div", {class: "vz-au-predictions"}, this.message.element, this.left, this.rows);
    page.replaceChildren(this.element);
    this.release = [
      desk.onChange((keys) => this.changed(keys)),
      workspace.subscribe((_, keys) => keys.some((key) => ["run", "target"].includes(key)) && this.plan()),
      onShow((shown) => this.toggle(shown)),
    ];
  }

  toggle(shown) {
    this.shown = shown;
    if (shown) this.plan(0);
    else this.stop();
  }

  changed(keys) {
    if (keys.includes("sheet")) this.plan();
  }

  stop() {
    clearTimeout(this.timer);
    this.work?.abort();
    this.key = null;
  }

  plan(delay = REST_MS) {
    if (!this.shown) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), delay);
  }

  async ask() {
    const {desk} = this;
    const {sheet, question} = desk;
    const state = this.workspace.get();
    if (!sheet || !state.run) return;
    const {target} = state;
    const {pipeline, seed, partner, count} = question;
    const parameters = {...desk.view(), pipeline, seed, partner, count, target};
    const key = JSON.stringify(parameters);
    if (key === this.key) {
      if (this.answers.length === count) this.verdicts(this.answers);
      return;
    }
    this.stop();
    const work = new AbortController();
    Object.assign(this, {key, work, answers: [], sheet});
    this.message.show(null);
    this.element.classList.add("vz-au-stale");
    try {
      await asVisitor(() => postFrames("augment/predictions", parameters, ({header}) => {
        if (work.signal.aborted) return;
        this.answers.push(header);
      }, {signal: work.signal}));
      if (!work.signal.aborted) this.draw();
    } catch (error) {
      if (work.signal.aborted) return;
      this.key = null;
      this.message.show(error.message);
    } finally {
      if (!work.signal.aborted) this.element.classList.remove("vz-au-stale");
    }
  }

  draw() {
    const {answers} = this;
    this.verdicts(answers);
    const agreeing = answers.filter(({agrees}) => agrees).length;
    const {target} = answers[0];
    const name = this.desk.className(target);
    this.summary.textContent = agreementText(agreeing, answers.length, name);
    const shares = answers.map(({probability}) => probability);
    const mean = shares.reduce((sum, value) => sum + value, 0) / shares.length;
    const before = this.desk.known?.top.find(({index}) => index === target)?.probability;
    this.mean.textContent = `“${name}”: ${before === undefined ? "" : `${percentage(before)} untouched, `}${percentage(mean)} on average, ${percentage(Math.min(...shares))} at worst.`;
    this.drawClasses();
    this.drawRows();
  }

  /** How often each class came first. */
  drawClasses() {
    const counts = new Map();
    for (const {label} of this.answers) counts.set(label, (counts.get(label) ?? 0) + 1);
    const sorted = [...counts].sort(([, one], [, other]) => other - one);
    this.classes.replaceChildren(...sorted.slice(0, 6).map(([label, count]) => make("li", {class: "vz-au-class"},
      make("span", {class: "vz-au-class-name"}, label),
      make("span", {class: "vz-au-bar", "aria-hidden": "true", style: `--vz-au-part: ${(100 * count) / this.answers.length}%`}),
      make("span", {class: "vz-number"}, `${count} ×`))));
  }

  drawRows() {
    const order = this.answers.map((answer, number) => ({...answer, number})).sort((one, other) => one.probability - other.probability);
    this.rows.replaceChildren(...order.map(({number, probability, label, top, agrees}) => {
      const canvas = make("canvas", {class: "vz-au-row-picture", "aria-hidden": "true"});
      paintTile(canvas, this.sheet, number);
      const said = agrees ? "" : `${percentage(top)} “${label}”`;
      return make("li", {}, make("button", {type: "button", class: "vz-au-row", onclick: () => this.choose(number), "aria-label": `Draw ${number + 1}: ${percentage(probability)}. ${said}`},
        canvas, make("span", {class: "vz-number vz-au-row-value"}, percentage(probability)),
        make("span", {class: `vz-au-bar${agrees ? "" : " vz-au-differs"}`, "aria-hidden": "true", style: `--vz-au-part: ${100 * probability}%`}),
        make("span", {class: "vz-au-row-said"}, said)));
    }));
  }

  destroy() {
    this.release.forEach((release) => release());
    this.stop();
  }
}
