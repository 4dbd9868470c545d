// Retrieval: the pictures most like one, by a layer's features and by raw pixels, and how often they are right.

import {address, getJSON} from "../api.js";
import {labelledSelect, make} from "../dom.js";
import {readWord, writeWord} from "../page_words.js";
import {retryMessage} from "../retry_message.js";
import {layerWord} from "./layers_words.js";
import {isMissing, RetrievalPrepare} from "./retrieval_prepare.js";
import {RetrievalQuery} from "./retrieval_query.js";
import {RetrievalRow} from "./retrieval_row.js";
import {RetrievalScores} from "./retrieval_scores.js";
import {isItself, judged, lesson, METRICS, pythonLines} from "./retrieval_words.js";

const LEAD = "Ask with one picture for those most like it: once by what the network says of them, once pixel by pixel. Click an answer to ask with it.";
const QUERY = "em-query";
const METRIC = "em-near";

/** The query an address names: a picture's number, "own" (null), or what is usual (undefined). */
export function queryOf(search) {
  const text = readWord(search, QUERY, (word) => word === "own" || /^\d{1,7}$/.test(word));
  return text === null ? undefined : text === "own" ? null : Number(text);
}

class RetrievalView {
  constructor(host, {workspace, source, onShow}) {
    Object.assign(this, {workspace, source, shown: false, query: queryOf(workspace.opened), countedAs: null, asking: null, details: null});
    this.build(host);
    this.metric.select.value = readWord(workspace.opened, METRIC, (word) => word in METRICS) ?? "cosine";
    this.release = [
      onShow((shown) => this.turn(shown)),
      source.subscribe(() => this.look()),
      workspace.subscribe((_, keys) => this.query === null && ["picture", "framing", "net", "weights"].some((key) => keys.includes(key)) && this.look()),
    ];
  }

  build(host) {
    this.chooser = new RetrievalQuery({onChoose: (index) => this.choose(index), onClass: (label) => this.count(label)});
    this.metric = labelledSelect("Distance", METRICS, {id: "vz-rt-metric", onchange: () => this.measureBy()});
    this.message = retryMessage("rt", {onRetry: () => this.look(true)});
    const parts = {onChoose: (index) => this.choose(index), onPoint: (index) => this.point(index)};
    this.deep = new RetrievalRow({...parts, name: "deep", title: "By the network", note: ""});
    this.pixels = new RetrievalRow({...parts, name: "pixels", title: "By raw pixels", note: "L1: differences of levels 0 to 255, added up"});
    this.lesson = make("p", {class: "vz-rt-lesson", id: "vz-rt-lesson", "aria-live": "polite"});
    this.cost = make("p", {class: "vz-rt-cost vz-muted", id: "vz-rt-cost"});
    this.scores = new RetrievalScores({parameters: () => this.scoring(), onError: (error) => this.message.show(error.message, false)});
    this.prepare = new RetrievalPrepare({onReady: () => this.look(true), onError: (error) => this.message.show(error.message, false)});
    this.python = make("code", {class: "vz-python vz-rt-python"});
    this.running = make("div", {class: "vz-progress", hidden: true});
    const rows = make("div", {class: "vz-rt-rows"}, this.running, this.lesson, this.deep.element, this.pixels.element, this.cost);
    this.results = make("div", {class: "vz-rt-results", hidden: true}, rows, this.scores.element, make("details", {}, make("summary", {}, "In Python"), this.python));
    const head = make("div", {class: "vz-rt-top"}, make("p", {class: "vz-rt-lead vz-muted"}, LEAD), this.metric.element);
    this.element = make("div", {class: "vz-rt"}, head, this.chooser.element, this.message.element, this.prepare.element, this.results);
    host.replaceChildren(this.element);
  }

  turn(shown) {
    this.shown = shown;
    if (shown) this.look();
    else {
      this.asking?.abort();
      this.scores.stop();
      this.prepare.stop();
      this.key = null;
    }
  }

  choose(index) {
    this.query = index;
    this.countedAs = null;
    writeWord(QUERY, index === null ? "own" : String(index));
    this.look();
  }

  measureBy() {
    const {value} = this.metric.select;
    writeWord(METRIC, value === "cosine" ? null : value);
    this.look();
  }

  /** Learn the collection's labels before anything of it is asked for. */
  async known(record) {
    if (this.record === record && this.details) return true;
    const details = await this.source.details();
    if (this.source.get()?.record !== record) return false;
    const first = this.record === undefined || this.record === null;
    Object.assign(this, {record, details});
    if (!first || this.query === undefined || this.query >= record.count) this.query = this.query === null ? null : 0;
    this.countedAs = null;
    this.chooser.take(record, details);
    return true;
  }

  parameters() {
    const query = this.query === null ? this.source.view() : {index: this.query};
    return {...this.source.parameters(), ...query, metric: this.metric.select.value};
  }

  scoring() {
    const {record, layer, pool, model} = this.source.get();
    const metric = this.metric.select.value;
    const title = `${model.title}, ${layerWord(layer)}${pool === "average" ? "" : `, ${pool}`}, ${METRICS[metric]}`;
    return {params: {...this.source.parameters(), metric}, key: `${layer} ${pool} ${metric}`, title, pixels: "Raw pixels, L1", collection: record.title};
  }

  /** Ask for what is chosen, once; `again` also where nothing changed. */
  async look(again = false) {
    if (!this.shown) return;
    if (this.source.error) this.message.show(this.source.error.message);
    const found = this.source.get();
    if (!found) return;
    try {
      if (!(await this.known(found.record))) return;
    } catch (error) {
      this.message.show(error.message);
      return;
    }
    const params = this.parameters();
    const key = JSON.stringify(params);
    if (key === this.key && again !== true) return;
    this.key = key;
    this.showQuery();
    this.scores.follow(JSON.stringify([found.net, found.weights, found.collection]), !this.details.labels);
    this.python.textContent = pythonLines({...this.source.parameters(), own: found.record.own, metric: params.metric, index: this.query});
    await this.ask(params);
  }

  async ask(params) {
    this.asking?.abort();
    const own = new AbortController();
    this.asking = own;
    this.message.show(null);
    this.prepare.clear();
    this.running.hidden = false;
    try {
      const answer = await getJSON("retrieval", params, {signal: own.signal});
      if (!own.signal.aborted) this.draw(answer);
    } catch (error) {
      if (own.signal.aborted) return;
      this.results.hidden = true;
      if (isMissing(error)) this.prepare.offer({...this.source.parameters(), metric: params.metric}, this.record);
      else this.message.show(error.message);
    }
    if (this.asking === own) this.running.hidden = true;
  }

  showQuery() {
    const {query, record, details} = this;
    const own = query === null;
    const url = own ? address(`pictures/${encodeURIComponent(this.workspace.get().picture)}`) : address(`collections/${record.name}/${query}`);
    const label = own || !details.labels ? null : details.classes[details.labels[query]];
    this.chooser.show({index: query, url, label: label && `label ${label}`, countedAs: this.countedAs});
  }

  draw(answer) {
    this.answer = answer;
    const {collection, layer, pool, model} = this.source.get();
    const judge = (answers) => judged(answers, this.query === null ? this.countedAs : null);
    const [deep, pixels] = [judge(answer.deep), judge(answer.pixels)];
    this.deep.show(deep, collection, {note: `${model.title}, ${layerWord(layer)}, ${pool} · ${METRICS[this.metric.select.value]}`});
    this.pixels.show(pixels, collection);
    const itself = this.query === null && isItself(deep, pixels) ? "Your picture is itself in this collection: it is the first answer." : "";
    this.lesson.textContent = [itself, lesson(deep, pixels)].filter(Boolean).join(" ");
    this.cost.textContent = answer.cost ?? "";
    this.results.hidden = false;
  }

  /** The visitor tells what the own picture shows. */
  count(label) {
    this.countedAs = label;
    if (this.answer) this.draw(this.answer);
  }

  point(index) {
    this.deep.point(index);
    this.pixels.point(index);
  }

  destroy() {
    this.asking?.abort();
    this.scores.stop();
    this.prepare.stop();
    this.release.forEach((release) => release?.());
  }
}

/** Put the view into `element`; `context` as the panel's shell gives it. */
export function mountRetrieval(element, context) {
  return new RetrievalView(element, context);
}
