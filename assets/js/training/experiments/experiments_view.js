// Experiments: choose a question, say what you expect, and watch the networks that answer it learn side by side.

import {make} from "../../dom.js";
import {retryMessage} from "../../retry_message.js";
import {pythonFold} from "../python_fold.js";
import {duration} from "../tr_says.js";
import {ExperimentChart} from "./experiment_chart.js";
import {ExperimentResult} from "./experiment_result.js";
import {ExperimentRun} from "./experiment_run.js";
import {ExperimentSetup} from "./experiment_setup.js";
import {expected, experimentLines, promised, readExperiment, writeExperiment} from "./experiment_words.js";

const OWN = /^[0-9a-f]{32}$/;

export class ExperimentsView {
  constructor(page, {desk, state, workspace, onShow, say}) {
    Object.assign(this, {page, desk, state, workspace, say: say ?? (() => {}), menu: null, guesses: {}, augment: null, chosen: readExperiment(state.get().experiment)});
    this.run = new ExperimentRun({changed: () => this.drawRun()});
    this.build();
    const {pipeline} = workspace.get();
    if (pipeline) this.handedOver(pipeline);
    this.release = [
      workspace.subscribe((now, keys) => keys.includes("pipeline") && now.pipeline && this.handedOver(now.pipeline)),
      state.subscribe((now, keys) => keys.includes("experiment") && now.experiment !== this.word && this.follow(now.experiment)),
      desk.onChange((keys) => keys.includes("menu") && this.menu && this.draw()),
      onShow((shown) => shown && this.chart.redraw()),
    ];
    this.load();
  }

  build() {
    const {desk, workspace} = this;
    this.list = make("div", {class: "vz-te-list", role: "radiogroup", "aria-label": "Experiments", onkeydown: (event) => this.key(event)});
    this.message = retryMessage("te", {onRetry: () => (this.menu ? this.start() : this.load())});
    this.title = make("h3", {class: "vz-te-title"});
    this.question = make("p", {class: "vz-te-question", id: "vz-te-question"});
    this.guessing = make("div", {class: "vz-te-guesses", role: "group", "aria-labelledby": "vz-te-question"});
    this.setup = new ExperimentSetup({desk, choose: (patch) => this.choose(patch)});
    this.go = make("button", {type: "button", class: "vz-button vz-primary", id: "vz-te-run", onclick: () => this.start()}, "Run it");
    this.stop = make("button", {type: "button", class: "vz-button", id: "vz-te-stop", hidden: true, onclick: () => this.run.stop()}, "Stop");
    this.status = make("span", {class: "vz-muted vz-number", id: "vz-te-status", role: "status"});
    this.chart = new ExperimentChart();
    this.result = new ExperimentResult({workspace, keep: (arm) => this.run.server.keep(arm), say: (sentences) => this.message.show(sentences.join(" "), false)});
    this.python = pythonFold({summary: "Python that runs the same experiment"});
    this.open = make("div", {class: "vz-te-open-one", hidden: true}, make("div", {class: "vz-te-ask"}, this.title, this.question, this.guessing), this.setup.element,
      make("div", {class: "vz-te-go"}, this.go, this.stop, this.status), this.message.element, this.result.told, this.chart.element, this.result.element, this.python.element);
    this.empty = make("p", {class: "vz-muted vz-te-empty"}, "Fetching the experiments …");
    this.page.replaceChildren(make("div", {class: "vz-te"}, this.list, make("div", {class: "vz-te-main"}, this.empty, this.open)));
  }

  async load() {
    this.message.show(null);
    try {
      this.menu = (await this.run.server.menu()).experiments;
    } catch (error) {
      this.open.hidden = false;
      this.empty.hidden = true;
      this.message.show(error.message);
      return;
    }
    if (this.chosen.name && !this.menu.some(({name}) => name === this.chosen.name)) this.say([`There is no experiment “${this.chosen.name}”; the first one is shown.`]);
    this.empty.hidden = true;
    this.open.hidden = false;
    this.list.replaceChildren(...this.menu.map((one) => make("button", {type: "button", class: "vz-te-card", role: "radio", "data-experiment": one.name, onclick: () => this.pick(one.name)},
      make("span", {class: "vz-te-card-title"}, one.title), make("span", {class: "vz-te-card-facts"}, `${one.arms.length} networks · ${expected(one.seconds * one.seeds)}`))));
    this.draw();
  }

  get experiment() {
    return this.menu.find(({name}) => name === this.chosen.name) ?? this.menu[0];
  }

  get word() {
    const {name, ...others} = this.chosen;
    return name === null ? null : writeExperiment({name, ...others});
  }

  /** A link or another tab asks for an experiment. */
  follow(word) {
    const {name, ...others} = readExperiment(word);
    if (name === this.chosen.name) return;
    this.chosen = {name, ...others};
    if (this.menu) this.pick(name ?? this.menu[0].name, others);
  }

  handedOver(pipeline) {
    this.augment = pipeline;
    if (this.chosen.name !== "augmentation") this.chosen = {name: "augmentation", data: null, seeds: null, seed: 0};
    this.run.clear();
    if (this.menu) this.draw();
  }

  key(event) {
    const step = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1}[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.menu.indexOf(this.experiment);
    const next = this.menu[(at + step + this.menu.length) % this.menu.length];
    this.pick(next.name);
    this.list.querySelector(`[data-experiment="${next.name}"]`).focus();
    event.preventDefault();
    event.stopPropagation();
  }

  pick(name, others = {data: null, seeds: null, seed: 0}) {
    this.chosen = {name, ...others};
    this.run.clear();
    this.remember();
    this.draw();
  }

  choose(patch) {
    if ("augment" in patch) this.augment = patch.augment;
    else {
      this.chosen = {...this.chosen, name: this.experiment.name, ...patch};
      this.remember();
    }
    this.run.clear();
    this.draw();
  }

  remember() {
    this.state.set({experiment: this.word});
  }

  /** Parameters of the run, and of the Python lines. */
  get asked() {
    const {experiment} = this;
    const {data, seeds, seed} = this.chosen;
    return {name: experiment.name, data, seeds, seed: seed || null, augment: experiment.augment ? this.augment : null};
  }

  start() {
    if (!this.guesses[this.experiment.name]) this.guesses[this.experiment.name] = null;
    if (this.chosen.name === null) {
      this.chosen = {...this.chosen, name: this.experiment.name};
      this.remember();
    }
    this.run.start(this.asked);
  }

  draw() {
    const {experiment} = this;
    this.list.querySelectorAll(".vz-te-card").forEach((card) => {
      const chosen = card.dataset.experiment === experiment.name;
      card.setAttribute("aria-checked", String(chosen));
      card.tabIndex = chosen ? 0 : -1;
      if (chosen) this.list.scrollLeft = card.offsetLeft - this.list.offsetLeft; // on a phone, where the list runs sideways
    });
    this.title.textContent = experiment.title;
    this.question.textContent = experiment.question;
    this.setup.draw(experiment, {...this.chosen, augment: experiment.augment ? this.augment : null});
    const {data, seeds, seed, augment} = this.asked;
    const own = OWN.test(data ?? "");
    this.python.show(experimentLines({name: experiment.name, data, seeds, seed: seed ?? 0, augment, own}));
    this.drawRun(true);
  }

  drawGuesses() {
    const {experiment, run} = this;
    const guess = this.guesses[experiment.name] ?? null;
    const began = run.status !== "idle";
    const out = run.result?.guess;
    this.guessing.replaceChildren(make("span", {class: "vz-te-ask-word"}, began ? "You expect" : "What do you expect?"),
      ...experiment.guesses.map(({name, text}) => make("button", {type: "button", class: `vz-button vz-te-guess${out === name ? " vz-te-right" : ""}`, "data-guess": name, "aria-pressed": String(guess === name), disabled: began,
        onclick: () => this.guess(name)}, out === name ? `✓ ${text}` : text)));
  }

  guess(name) {
    this.guesses[this.experiment.name] = name;
    this.drawGuesses();
    this.guessing.querySelector(`[data-guess="${name}"]`).focus();
  }

  drawRun(anew = false) {
    const {run, experiment} = this;
    const running = run.status === "running";
    if (anew || run.status !== this.drawn || run.result) {
      this.drawGuesses();
      this.result.show(experiment, this.guesses[experiment.name] ?? null, run.result);
      this.setup.lock(running);
      this.message.show(run.error);
      this.chart.element.hidden = run.status === "idle";
      this.go.hidden = running;
      this.go.disabled = Boolean(this.setup.missing);
      this.stop.hidden = !running;
      this.go.textContent = run.status === "idle" ? "Run it" : "Run it again";
    }
    if (anew || run.status !== this.drawn) this.chart.take(experiment.arms, run.runs, experiment.shows);
    else this.chart.redraw();
    this.drawn = run.status;
    this.status.textContent = this.statusWords();
  }

  statusWords() {
    const {run, experiment} = this;
    const seeds = this.chosen.seeds ?? experiment.seeds;
    if (run.status !== "running" && this.setup.missing) return this.setup.missing;
    if (run.status === "idle") return promised({arms: experiment.arms.length, seeds, seconds: experiment.seconds, usual: !this.asked.data && !this.asked.augment});
    if (run.status === "running") {
      const now = run.runs.reduce((most, one) => Math.max(most, one.run), 0) + 1;
      const round = seeds > 1 ? `Repetition ${now} of ${seeds} · ` : "";
      return run.runs.length ? `${round}${run.left === null ? "running" : `${duration(run.left)} left`}` : "Preparing the pictures …";
    }
    return run.stopped ? "Stopped; nothing is concluded from part of it." : "";
  }

  destroy() {
    this.run.clear();
    this.release.forEach((release) => release?.());
    this.chart.destroy();
    this.setup.destroy();
  }
}
