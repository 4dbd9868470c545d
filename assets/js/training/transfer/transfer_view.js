// Transfer learning: a network that has learned something is taught another task with few pictures, in three ways and from scratch.

import {newestOnly} from "../../answers.js";
import {make} from "../../dom.js";
import {isOwnNetwork} from "../../own_networks.js";
import {retryMessage} from "../../retry_message.js";
import {pythonFold} from "../python_fold.js";
import {duration, roughly} from "../tr_says.js";
import {TransferChart} from "./transfer_chart.js";
import {TransferResult} from "./transfer_result.js";
import {TransferRun} from "./transfer_run.js";
import {TransferSetup} from "./transfer_setup.js";
import {layerLegend, wayCards} from "./transfer_ways.js";
import {OWN, pictures, readTransfer, transferLines, writeTransfer} from "./transfer_words.js";

const TIMED_MS = 200; // after the last choice
const REFUSALS = [400, 404, 409, 410];

export class TransferView {
  constructor(page, {desk, state, workspace, onShow, say, server}) {
    Object.assign(this, {desk, state, workspace, say: say ?? (() => {}), menu: null, guesses: {}, usual: null, chosen: readTransfer(state.get().transfer), drawn: null, seconds: null, waiting: null, refused: null});
    this.timing = newestOnly();
    this.run = new TransferRun({changed: () => this.drawRun(), ...(server ? {server} : {})});
    this.build();
    page.replaceChildren(this.element);
    this.release = [
      state.subscribe((now, keys) => keys.includes("transfer") && now.transfer !== writeTransfer(this.chosen) && this.follow(now.transfer)),
      desk.onChange((keys) => keys.includes("menu") && this.menu && this.draw()),
      workspace.subscribe((_now, keys) => keys.includes("net") && this.chosen.base === null && !this.run.setup && this.load()),
      onShow((shown) => shown && this.chart.redraw()),
    ];
    this.load();
  }

  build() {
    this.message = retryMessage("tt", {onRetry: () => (this.menu ? this.start() : this.load())});
    this.ways = make("ul", {class: "vz-tt-ways"});
    this.guessing = make("div", {class: "vz-tt-guesses"});
    this.setup = new TransferSetup({desk: this.desk, choose: (patch) => this.choose(patch), wait: (sentence) => this.wait(sentence)});
    this.go = make("button", {type: "button", class: "vz-button vz-primary", id: "vz-tt-run", onclick: () => this.start()}, "Compare");
    this.stop = make("button", {type: "button", class: "vz-button", id: "vz-tt-stop", hidden: true, onclick: () => this.run.stop()}, "Stop");
    this.status = make("span", {class: "vz-muted vz-number", id: "vz-tt-status"});
    this.live = make("p", {class: "vz-unseen", role: "status"});
    this.fill = make("div", {class: "vz-tt-bar-fill"});
    this.bar = make("div", {class: "vz-tt-bar", role: "progressbar", "aria-label": "Trainings done", "aria-valuemin": "0", "aria-valuemax": "100", hidden: true}, this.fill);
    this.chart = new TransferChart();
    this.result = new TransferResult({workspace: this.workspace, keep: (way) => this.run.server.keep(way), say: (sentence) => this.message.show(sentence, false)});
    this.notes = make("ul", {class: "vz-tt-notes vz-muted", id: "vz-tt-notes"});
    this.python = pythonFold({summary: "Python that compares the same", id: "vz-tt-python"});
    const intro = make("header", {class: "vz-tt-intro"}, make("h2", {}, "Few pictures, and a network that has learned something else"),
      make("p", {}, "A few labelled pictures are too little for a network that knows nothing. Three ways use what another task has taught it. All four get the same pictures, and are tested on the same others."));
    this.open = make("div", {class: "vz-tt-open-one", hidden: true}, this.setup.element, this.ways, layerLegend(), this.guessing,
      make("div", {class: "vz-tt-go"}, this.go, this.stop, this.status), this.bar);
    this.empty = make("p", {class: "vz-muted"}, "Fetching the networks …");
    this.results = make("div", {class: "vz-tt-results", hidden: true}, this.result.says, this.chart.element, this.result.table, this.notes);
    this.element = make("section", {class: "vz-tt", "aria-label": "Transfer learning"}, intro, this.empty, this.open, this.message.element, this.live, this.results, this.python.element);
  }

  async load() {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    this.message.show(null);
    try {
      const menu = await (this.chosen.base === null ? this.menuOfThePage() : this.run.server.menu(this.chosen.base));
      if (turn === this.turn) this.take(menu);
    } catch (error) {
      if (turn !== this.turn) return undefined;
      if (this.chosen.base !== null) { // a link or the page asks for a network that is not there
        this.chosen = {...this.chosen, base: null, frozen: null};
        this.say([error.message]);
        return this.load();
      }
      this.empty.hidden = true;
      this.message.show(error.message);
    }
    return undefined;
  }

  /** Without a choice here the comparison begins with the page's network, where that can be taught another task. */
  async menuOfThePage() {
    const {net} = this.workspace.get();
    const {bases, default: small} = await this.run.server.menu();
    const suits = isOwnNetwork(net) || bases.some(({name, why}) => name === net && !why);
    this.usual = suits ? net : small.base;
    return this.run.server.menu(this.usual);
  }

  take(menu) {
    this.menu = menu;
    this.empty.hidden = true;
    this.open.hidden = false;
    const cuts = menu.base.cuts.map(({layer}) => layer);
    if (this.chosen.frozen !== null && !cuts.includes(this.chosen.frozen)) this.chosen.frozen = null;
    this.draw();
  }

  follow(word) {
    this.chosen = readTransfer(word);
    this.run.clear();
    this.load();
  }

  /** What is compared, complete. */
  get all() {
    const {menu, chosen} = this;
    return {...chosen, base: chosen.base ?? this.usual, data: chosen.data ?? menu.default.data, counts: chosen.counts ?? menu.base.per_class, seeds: chosen.seeds ?? menu.base.seeds, ways: this.waysOf(chosen.ways)};
  }

  /** Those of the ways that this network can go, in reading order; the usual ones where none is chosen. */
  waysOf(names) {
    const {menu} = this;
    const possible = menu.ways.map(({name}) => name).filter((name) => name !== "frozen" || menu.base.cuts.length);
    const found = possible.filter((name) => names?.includes(name));
    return found.length ? found : menu.base.ways;
  }

  get shownWays() {
    const names = this.run.setup?.ways ?? this.all.ways;
    return this.menu.ways.filter(({name}) => names.includes(name));
  }

  /** What has to be there before a start, in a sentence; null: nothing. */
  wait(sentence) {
    if (sentence === this.waiting) return;
    this.waiting = sentence;
    if (this.menu) this.drawRun();
  }

  /** Ask how long this will take on the server, and whether it can be done at all. */
  time() {
    clearTimeout(this.timer);
    this.timing.cancel();
    Object.assign(this, {seconds: null, refused: null});
    this.setup.data.refuse(null);
    if (this.all.data === OWN || this.waiting) return;
    this.timer = setTimeout(async () => {
      const answer = await this.timing.run((signal) => this.run.server.time(this.question, signal));
      if (!answer) return;
      this.seconds = answer.value?.seconds ?? null;
      this.refused = REFUSALS.includes(answer.error?.status) ? answer.error.message : null; // else the start will say what is wrong
      this.setup.data.refuse(this.refused);
      this.drawRun();
    }, TIMED_MS);
  }

  chooseWay(name, on) {
    const ways = this.all.ways.filter((one) => one !== name);
    const all = this.waysOf(on ? [...ways, name] : ways);
    this.choose({ways: all.join() === this.menu.base.ways.join() ? null : all});
    this.ways.querySelector(`#vz-tt-way-${name}`).focus();
  }

  choose(patch) {
    this.chosen = {...this.chosen, ...patch, ...("base" in patch ? {frozen: null, counts: null, seeds: null, ways: null} : {})};
    this.guesses = {};
    this.run.clear();
    this.state.set({transfer: writeTransfer(this.chosen)});
    if ("base" in patch) this.load();
    else this.draw();
  }

  start() {
    this.guesses = {...this.guesses};
    this.run.start(this.question);
  }

  /** What the server is asked. */
  get question() {
    const {base, data, counts, seeds, seed, frozen, ways} = this.all;
    return {base, data, per_class: this.chosen.counts === null ? null : counts.join(","), seeds, seed: seed || null, frozen, ways: ways.join(",")};
  }

  draw() {
    const {menu, all} = this;
    const cuts = menu.base.cuts;
    const layers = menu.base.layers;
    const cut = cuts.find(({layer}) => layer === (all.frozen ?? menu.base.usual_cut))?.layers ?? 0;
    this.setup.draw(menu, all);
    const possible = menu.ways.filter(({name}) => name !== "frozen" || cuts.length);
    this.ways.replaceChildren(...wayCards(possible, {layers, cut, chosen: all.ways, choose: (name, on) => this.chooseWay(name, on)}));
    const usual = all.ways.join() === menu.base.ways.join();
    this.python.show(transferLines({...all, ways: usual ? null : all.ways}));
    this.time();
    this.drawRun(true);
  }

  drawGuesses() {
    const {counts} = this;
    const began = this.run.status !== "idle";
    const ends = [...new Set([counts[0], counts.at(-1)])];
    this.guessing.hidden = this.shownWays.length < 2;
    this.guessing.replaceChildren(make("span", {class: "vz-tt-ask"}, began ? "You expect to be best" : "Which way will be best? Say before you look."), ...ends.map((count) => {
      const best = this.run.result?.best[count];
      return make("div", {class: "vz-tt-guess-row", role: "group", "aria-label": `Best with ${pictures(count)}`}, make("span", {class: "vz-muted"}, `With ${pictures(count)}`),
        ...this.shownWays.map(({name, title}) => make("button", {type: "button", class: `vz-button vz-tt-guess${best?.[0] === name ? " vz-tt-is-best" : ""}`, "data-count": count, "data-guess": name, "aria-pressed": String(this.guesses[count] === name), disabled: began,
          onclick: () => this.guess(count, name)}, best?.[0] === name ? `✓ ${title}` : title)));
    }));
  }

  guess(count, name) {
    this.guesses[count] = name;
    this.drawGuesses();
    this.guessing.querySelector(`[data-count="${count}"][data-guess="${name}"]`).focus();
  }

  get counts() {
    return this.run.setup?.per_class ?? this.all.counts;
  }

  drawRun(anew = false) {
    const {run} = this;
    if (!this.menu) return;
    const running = run.status === "running";
    const changed = anew || run.status !== this.drawn || Boolean(run.result);
    const {counts, shownWays: ways} = this;
    if (changed || (run.setup && !this.told)) {
      this.drawGuesses();
      this.setup.lock(running);
      this.ways.querySelectorAll("input").forEach((box) => (box.disabled = running || (box.checked && this.all.ways.length === 1)));
      this.message.show(run.error);
      this.go.hidden = running;
      this.stop.hidden = !running;
      this.go.textContent = run.status === "idle" ? "Compare" : "Compare again";
      this.results.hidden = run.status === "idle" || (run.status === "failed" && !run.outcomes.length);
      this.notes.replaceChildren(...(run.setup ? [`Tested on ${run.setup.tested.toLocaleString("en")} pictures that no step has seen, brought to the network’s own size, colours and scale; ${run.setup.seeds.length === 1 ? "one choice of pictures, so no spread is known" : `${run.setup.seeds.length} choices of pictures and starting weights: mean ± standard deviation`}.`, ...(run.result ? ["Shaded in the table: the best of each column, and what chance may have put behind it."] : []), ...run.setup.notes] : []).map((note) => make("li", {}, note)));
      this.live.textContent = run.result ? run.result.sentence : running ? "The comparison has begun." : run.status === "stopped" ? "Stopped." : "";
    }
    this.told = Boolean(run.setup);
    this.drawn = run.status;
    this.go.disabled = Boolean(this.waiting ?? this.refused);
    this.bar.hidden = !running;
    this.fill.style.width = `${100 * run.share}%`;
    this.bar.setAttribute("aria-valuenow", String(Math.round(100 * run.share)));
    this.result.show({ways, counts, outcomes: run.outcomes, result: run.result, guesses: this.guesses});
    this.chart.take({ways, counts, outcomes: run.outcomes, classes: run.setup?.classes.length ?? 0});
    this.status.textContent = this.statusWords();
  }

  statusWords() {
    const {run, menu, all, counts} = this;
    if (run.status === "idle" && this.waiting) return this.waiting;
    if (run.status === "idle") {
      const trainings = this.shownWays.length * counts.length * all.seeds;
      return `${trainings} training${trainings === 1 ? "" : "s"}${this.seconds === null ? "" : `, done ${roughly(this.seconds)} if nothing else runs here`}`;
    }
    if (run.status === "running") {
      if (!run.doing) return "Preparing the pictures …";
      const title = menu.ways.find(({name}) => name === run.doing.way)?.title ?? "";
      const round = run.setup.seeds.length > 1 ? `Repetition ${run.setup.seeds.indexOf(run.doing.seed) + 1} of ${run.setup.seeds.length} · ` : "";
      return `${round}${pictures(run.doing.per_class)} · ${title}${run.left === null ? "" : ` · ${duration(run.left)} left`}`;
    }
    return run.status === "stopped" ? "Stopped; nothing is concluded from part of it." : "";
  }

  destroy() {
    this.run.clear();
    clearTimeout(this.timer);
    this.timing.cancel();
    this.release.forEach((release) => release?.());
    this.chart.destroy();
    this.setup.destroy();
  }
}
