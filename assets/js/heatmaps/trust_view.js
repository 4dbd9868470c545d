// How far to trust a heatmap: measured on the visitor's own picture, beside other methods and maps that know nothing.

import {getJSON} from "../api.js";
import {targetOf} from "../class_labels.js";
import {make} from "../dom.js";
import {retryMessage} from "../retry_message.js";
import {viewParameters} from "../store.js";
import {HeatLoader, heatParameters} from "./heat_loader.js";
import {pictureOf} from "./pictures.js";
import {TrustBox} from "./trust_box.js";
import {TrustChart} from "./trust_chart.js";
import {BASELINES, baselineHeat, checkSanity, measureMap} from "./trust_clerk.js";
import {verdict} from "./trust_measures.js";
import {TrustSanity} from "./trust_sanity.js";
import {TrustTable} from "./trust_table.js";

const section = (title, words, ...children) => make("section", {class: "vz-tr-section", "aria-label": title},
  make("h3", {class: "vz-tr-subtitle"}, title), make("p", {class: "vz-tr-lead vz-muted"}, words), ...children);

const button = (id, text, onclick, kind = "") => make("button", {type: "button", class: `vz-button ${kind}`, id, onclick}, text);

class TrustView {
  constructor(page, {workspace, current, onChange}) {
    Object.assign(this, {page, workspace, current, loader: new HeatLoader(), rows: new Map(), menu: null, work: null, shown: false});
    this.build();
    page.replaceChildren(this.element);
    this.watch = new IntersectionObserver((entries) => this.seen(entries.at(-1).isIntersecting));
    this.watch.observe(this.element);
    this.release = onChange?.((keys) => keys.some((key) => ["question", "run", "menu", "target", "labels"].includes(key)) && this.update());
  }

  build() {
    this.title = make("h2", {class: "vz-tr-title"}, "How far to trust it");
    this.message = retryMessage("trust", {onRetry: () => this.update(true)});
    this.measureButton = button("vz-tr-measure", "Measure this map", () => this.measure([this.own]), "vz-primary");
    this.compareButton = button("vz-tr-compare", "Compare with the quick methods", () => this.compare());
    this.stopButton = button("vz-tr-stop", "Cancel", () => this.stop());
    this.status = make("p", {class: "vz-tr-status vz-number", role: "status"});
    this.charts = {
      deletion: new TrustChart({title: "Deletion", good: "should fall fast", note: "hottest cells first become the mean colour", axis: "cells removed, %"}),
      insertion: new TrustChart({title: "Insertion", good: "should rise fast", note: "hottest cells first return to a blurred picture", axis: "cells shown, %"}),
      road: new TrustChart({title: "ROAD", good: "a wide gap is good", note: "cells filled from their neighbours: coldest first above, hottest first below", axis: "cells removed, %"}),
    };
    this.table = new TrustTable({onPoint: (key) => this.point(key)});
    this.verdict = make("p", {class: "vz-tr-verdict", role: "status"});
    this.box = new TrustBox({onChange: () => this.drawTable()});
    this.sanity = new TrustSanity();
    this.sanityButton = button("vz-tr-sanity-start", "Randomise layer by layer", () => this.randomise());
    const tools = make("div", {class: "vz-tr-tools"}, this.measureButton, this.compareButton, this.stopButton, this.status);
    const charts = make("div", {class: "vz-tr-charts"}, ...Object.values(this.charts).map((chart) => chart.element));
    this.element = make("div", {class: "vz-tr"},
      make("header", {class: "vz-tr-head"}, this.title), this.message.element,
      section("Does the network need what is hot?", "Take cells away in the order of the heat and watch the class's probability.", tools, charts, this.table.element, this.verdict),
      section("Does it point at the object?", "Only you know where the object is: draw a box around it.", this.box.element),
      section("Does it depend on what the network learned?", "A copy of the network loses its training from the last layers to the first. A map that stays the same does not explain the network.", make("div", {class: "vz-tr-tools"}, this.sanityButton), this.sanity.element));
    this.buttons();
  }

  seen(shown) {
    if (shown === this.shown) return;
    this.shown = shown;
    if (shown) this.update();
  }

  /** Follow the question asked: another picture, network or class begins anew, another method joins the table. */
  async update(again = false) {
    const asked = this.current();
    if (!this.shown || !asked) return;
    const scene = this.scene(asked);
    const key = JSON.stringify([scene, asked.method, asked.layer]);
    if (key === this.asked && !again) return;
    this.asked = key;
    this.stop();
    this.message.show(null);
    if (JSON.stringify(scene) !== JSON.stringify(this.scened)) this.begin(scene);
    try {
      const {run} = this.workspace.get();
      const {net, weights} = scene.view;
      const menu = await getJSON("heat/methods", {net, weights, layer: asked.layer});
      const image = await pictureOf(scene.view.picture).catch(() => null);
      if (key !== this.asked) return;
      Object.assign(this, {menu, image, run});
      this.open(menu.methods.find(({id}) => id === asked.method), asked.layer);
    } catch (error) {
      if (key === this.asked) this.message.show(error.message);
      this.asked = null;
    }
  }

  scene({target, against}) {
    const state = this.workspace.get();
    return {view: viewParameters(state), target: target ?? targetOf(state), against: against ?? null};
  }

  begin(scene) {
    const before = this.scened?.view;
    this.scened = scene;
    this.rows.clear();
    if (before && JSON.stringify(before) !== JSON.stringify(scene.view)) this.box.set(null);
  }

  open(method, layer) {
    this.own = this.job(method, layer);
    this.sanity.clear();
    this.title.textContent = `How far to trust ${method.title}`;
    this.sanityButton.disabled = method.long;
    this.sanityButton.title = method.long ? `${method.title} takes too long for nine maps; choose a quick method.` : "";
    this.box.show({image: this.image, run: this.run, heat: this.rows.get(this.own.key)?.heat ?? null});
    this.draw();
    if (!method.long && !this.rows.has(this.own.key)) this.measure([this.own]);
  }

  /** What is to be measured, and its row's name. */
  job(method, layer) {
    const reads = method.family === "cam" || method.needs_layer ? layer : null;
    return {key: `${method.id} ${reads ?? ""}`, title: method.title, layer: reads, method};
  }

  parameters({method, layer, baseline}) {
    const {view, target, against} = this.scened;
    if (baseline) return {...view, baseline, layer: this.own.layer, target, against};
    return heatParameters(view, {method: method.id, layer, target, against});
  }

  compare() {
    const quick = this.menu.methods.filter(({available, long}) => available && !long).map((method) => this.job(method, this.own.layer ?? this.current()?.layer ?? this.menu.default.layer));
    const known = Object.entries(BASELINES).map(([baseline, title]) => ({key: baseline, title, layer: null, baseline}));
    const waiting = [this.own, ...known, ...quick].filter(({key}, at, all) => !this.rows.get(key)?.done && all.findIndex((one) => one.key === key) === at);
    return this.measure(waiting);
  }

  /** One after the other, until all are there or the visitor stops. */
  async measure(jobs) {
    this.stop();
    const work = new AbortController();
    this.work = work;
    this.buttons();
    for (const [at, job] of jobs.entries()) {
      if (work.signal.aborted) break;
      await this.measureOne(job, work.signal, jobs.length > 1 ? `${at + 1} of ${jobs.length}: ` : "");
    }
    if (this.work === work) this.stop();
  }

  async measureOne(job, signal, count) {
    const row = {key: job.key, title: job.title, layer: job.layer, baseline: Boolean(job.baseline), done: false};
    const parameters = this.parameters(job);
    try {
      row.heat = await this.heatOf(job, parameters, signal, (part) => this.say(`${count}${job.title}: the map, ${part.step} of ${part.steps}`));
      if (signal.aborted) return;
      this.rows.set(job.key, row);
      if (job.key === this.own.key) this.box.show({image: this.image, run: this.run, heat: row.heat});
      await measureMap(parameters, (part) => {
        if (signal.aborted) return;
        Object.assign(row, part);
        this.say(`${count}${job.title}: ${part.progress.step} of ${part.progress.steps}`);
        this.draw();
      }, {signal});
      row.done = true;
    } catch (error) {
      if (signal.aborted || error.name === "AbortError") {
        if (!row.done) this.rows.delete(job.key);
        return;
      }
      Object.assign(row, {error: error.message, done: true, curves: null});
      this.rows.set(job.key, row);
    }
    this.draw();
  }

  heatOf({method, baseline}, parameters, signal, onPart) {
    if (baseline) return baselineHeat(baseline, this.run.input);
    return method.long ? this.loader.stream(parameters, onPart, {signal}) : this.loader.get(parameters, {signal});
  }

  async randomise() {
    this.stop();
    const work = new AbortController();
    this.work = work;
    this.sanity.clear();
    this.buttons();
    this.say("Copying the network");
    const {title, method} = this.own;
    try {
      await checkSanity(this.parameters(this.own), (stage) => {
        if (work.signal.aborted || stage.waiting) return;
        this.sanity.add(stage, {image: this.image, run: this.run, title: title ?? method.title});
        this.say(`Randomised ${stage.step - 1} of ${stage.steps - 1}`);
      }, {signal: work.signal});
    } catch (error) {
      if (!work.signal.aborted) this.message.show(error.message);
    }
    if (this.work === work) this.stop();
  }

  stop() {
    this.work?.abort();
    this.work = null;
    this.say("");
    this.buttons();
  }

  say(words) {
    this.status.textContent = words;
  }

  buttons() {
    const own = this.own && this.rows.get(this.own.key);
    this.stopButton.hidden = !this.work;
    this.measureButton.hidden = Boolean(this.work) || Boolean(own?.done && !own.error);
    this.measureButton.disabled = this.compareButton.disabled = !this.own;
    this.compareButton.hidden = Boolean(this.work);
    this.sanityButton.hidden = Boolean(this.work);
    this.element.setAttribute("aria-busy", String(Boolean(this.work)));
  }

  draw() {
    const rows = [...this.rows.values()].filter(({curves}) => curves);
    const kind = (row) => (row.key === this.own.key ? "own" : row.baseline ? "baseline" : "other");
    const lines = (name) => rows.map((row) => ({key: row.key, kind: kind(row), ...row.curves[name]}));
    const spoken = (name, what) => `${what}: ${rows.map((row) => `${row.title} ${Number.isFinite(row[name]) ? row[name].toFixed(3) : "under way"}`).join(", ") || "nothing measured yet"}`;
    this.charts.deletion.show(lines("deletion"), spoken("deletion", "Area under deletion"));
    this.charts.insertion.show(lines("insertion"), spoken("insertion", "Area under insertion"));
    this.charts.road.show([...lines("coldest_removed"), ...lines("hottest_removed")], spoken("road", "ROAD"));
    this.drawTable();
  }

  drawTable() {
    const rows = [...this.rows.values()];
    this.table.show(rows, {own: this.own?.key, box: this.box.box});
    const own = this.own && this.rows.get(this.own.key);
    this.verdict.textContent = [own?.error ?? "", own ? verdict(own, rows.filter(({baseline}) => baseline)) : "", ...(own?.notes ?? [])].filter(Boolean).join(" ");
    this.buttons();
  }

  point(key) {
    for (const chart of Object.values(this.charts)) chart.point(key);
  }

  destroy() {
    this.stop();
    this.release?.();
    this.watch.disconnect();
    this.box.destroy();
    this.sanity.destroy();
  }
}

/** Put the view into `element`; `current()` → {method, layer, target, against} or null; `onChange(listener)` tells of others. */
export function mountTrust(element, context) {
  return new TrustView(element, context);
}
