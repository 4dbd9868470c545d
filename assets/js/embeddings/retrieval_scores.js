// Precision and mean average precision over the whole collection, the network's features against raw pixels.

import {postFrames} from "../api.js";
import {make} from "../dom.js";
import {asVisitor} from "../visitor.js";
import {shareText} from "./retrieval_words.js";

const COLUMNS = [
  ["precision_1", "Precision at 1", "the nearest is right"],
  ["precision_5", "at 5", "share of the first 5"],
  ["precision_10", "at 10", "share of the first 10"],
  ["map", "Mean average precision", "the whole ranking"],
];

/** One side's numbers, however a frame names them: `{precision_1, precision_5, precision_10, map}`. */
export function numbersOf(side) {
  const at = side.precision ?? {};
  return {precision_1: at["1"] ?? null, precision_5: at["5"] ?? null, precision_10: at["10"] ?? null, map: side.mean_average_precision ?? side.map ?? null};
}

/** Keys of the best numbers of a column, of rows that are no baseline. */
export function bestOf(rows, name) {
  const known = rows.filter(({kind, numbers}) => kind !== "chance" && Number.isFinite(numbers[name]));
  const best = Math.max(...known.map(({numbers}) => numbers[name]));
  return known.length < 2 ? [] : known.filter(({numbers}) => numbers[name] === best).map(({key}) => key);
}

/** What the table says in one sentence. */
export function verdict(deep, pixels, title) {
  const [one, other] = [deep?.map, pixels?.map];
  if (!Number.isFinite(one) || !Number.isFinite(other)) return "";
  const numbers = `mean average precision ${shareText(one)} against ${shareText(other)}`;
  if (Math.abs(one - other) < 0.0005) return `On ${title} this layer and the raw pixels are equally good: ${numbers}.`;
  return one > other ? `On ${title} deep features beat raw pixels: ${numbers}.` : `On ${title} raw pixels beat this layer: ${numbers}. Try a deeper layer.`;
}

/** How far the measuring is. */
export function scoresProgress({stage, step, steps, queries, planned}) {
  if (stage === "features") return {share: steps ? step / steps : 0, words: steps ? `Pictures through the network: ${step.toLocaleString("en")} of ${steps.toLocaleString("en")}` : "Pictures through the network …"};
  if (planned) return {share: queries / planned, words: `Asked with ${queries.toLocaleString("en")} of ${planned.toLocaleString("en")} pictures`};
  return {share: 0, words: "Starting …"};
}

export class RetrievalScores {
  constructor({parameters, onError}) {
    Object.assign(this, {parameters, onError, rows: [], running: null});
    this.go = make("button", {type: "button", class: "vz-button", id: "vz-rt-measure", onclick: () => this.toggle()}, "Measure over the collection");
    this.bar = make("progress", {class: "vz-rt-bar", max: "1", "aria-label": "Pictures asked with"});
    this.far = make("span", {class: "vz-number", role: "status", id: "vz-rt-far"});
    this.progress = make("div", {class: "vz-rt-progress", hidden: true}, this.bar, this.far);
    this.body = make("tbody");
    const heads = COLUMNS.map(([, title, note]) => make("th", {scope: "col"}, title, make("span", {class: "vz-rt-head-note"}, note)));
    this.table = make("table", {class: "vz-rt-table"}, make("caption", {class: "vz-unseen"}, "Retrieval over the whole collection"), make("thead", {}, make("tr", {}, make("th", {scope: "col"}, "Features"), ...heads)), this.body);
    this.box = make("div", {class: "vz-rt-table-box", tabindex: "0", role: "region", "aria-label": "Retrieval over the whole collection", hidden: true}, this.table);
    this.verdict = make("p", {class: "vz-rt-verdict", id: "vz-rt-verdict", "aria-live": "polite"});
    const lead = make("p", {class: "vz-muted"}, "One query proves little. Ask with every picture for all the others: the share of right answers among the first, and the mean average precision of the whole ranking.");
    this.element = make("section", {class: "vz-rt-scores"}, make("h3", {}, "Over the whole collection"), lead, make("div", {class: "vz-rt-scores-row"}, this.go, this.progress), this.verdict, this.box);
  }

  /** Another collection or network: other layers of the same stay side by side. */
  follow(about, unlabelled) {
    this.go.disabled = unlabelled;
    this.go.title = unlabelled ? "These pictures have no labels to judge by." : "";
    if (about === this.about) return;
    this.stop();
    Object.assign(this, {about, rows: []});
    this.draw();
  }

  toggle() {
    return this.running ? this.stop() : this.start();
  }

  async start() {
    const asked = this.parameters();
    if (!asked) return;
    const own = new AbortController();
    this.running = own;
    this.show();
    this.tell({stage: "features"});
    const onFrame = ({header}) => own.signal.aborted || this.take(header, asked);
    try {
      await asVisitor(() => postFrames("retrieval/scores", asked.params, onFrame, {signal: own.signal}));
    } catch (error) {
      if (!own.signal.aborted) this.onError(error);
    }
    if (this.running === own) this.stop();
  }

  take(header, {key, title, pixels, collection}) {
    this.tell(header);
    if (!header.deep) return;
    const found = [
      {key, kind: "deep", title, numbers: numbersOf(header.deep)},
      {key: "pixels", kind: "pixels", title: pixels, numbers: numbersOf(header.pixels ?? {})},
      ...(header.chance ? [{key: "chance", kind: "chance", title: "Chance", numbers: numbersOf(header.chance)}] : []),
    ];
    const kept = this.rows.filter((row) => row.kind === "deep" && row.key !== key);
    this.rows = [...kept, ...found];
    this.current = key;
    const over = header.queries >= header.planned;
    const part = header.planned < header.count ? ` Asked with ${header.planned.toLocaleString("en")} of ${header.count.toLocaleString("en")} pictures.` : "";
    this.verdict.textContent = over ? verdict(found[0].numbers, found[1].numbers, collection) + part : "";
    this.draw();
  }

  tell(header) {
    const {share, words} = scoresProgress(header);
    this.bar.value = share;
    this.far.textContent = words;
  }

  show() {
    this.go.textContent = this.running ? "Cancel" : this.rows.length ? "Measure this layer" : "Measure over the collection";
    this.progress.hidden = !this.running;
  }

  draw() {
    const best = Object.fromEntries(COLUMNS.map(([name]) => [name, bestOf(this.rows, name)]));
    this.body.replaceChildren(...this.rows.map((row) => this.line(row, best)));
    this.box.hidden = this.rows.length === 0;
    if (!this.rows.length) this.verdict.textContent = "";
    this.show();
  }

  line({key, kind, title, numbers}, best) {
    const cells = COLUMNS.map(([name]) => {
      const value = numbers[name];
      const good = best[name].includes(key);
      const bar = make("span", {class: "vz-rt-cell-bar", style: `inline-size: ${Number.isFinite(value) ? 100 * value : 0}%`, "aria-hidden": "true"});
      return make("td", {class: good ? "vz-number vz-rt-best" : "vz-number", title: good ? "the best so far" : null}, shareText(value), make("span", {class: "vz-rt-cell"}, bar));
    });
    return make("tr", {class: `vz-rt-of-${kind}${key === this.current ? " vz-rt-current" : ""}`}, make("th", {scope: "row"}, title), ...cells);
  }

  stop() {
    this.running?.abort();
    this.running = null;
    this.show();
  }
}
