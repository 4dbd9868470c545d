// The weights of a layer: all filters at once, one at length, beside them the untrained ones or the training.

import {make} from "../dom.js";
import {format} from "../colour.js";
import {loadCall} from "../own_networks.js";
import {retryMessage} from "../retry_message.js";
import {FilterDetail} from "./filter_detail.js";
import {hasWeights, layerChoice} from "./layer_choice.js";
import {Moments} from "./moments.js";
import {openKernel} from "./open_kernel.js";
import {filterOrder, inputOf, isNegligible, isTiled, reachOf, sheetLimits, sheetValue, withValues} from "./sheet.js";
import {SheetCanvas} from "./sheet_canvas.js";
import {weightsBar} from "./weights_bar.js";
import {WeightsLoader, weightsParameters} from "./weights_loader.js";
import {refusal} from "./workbench_word.js";

const SLOW_MS = 300;
const POINTED_MS = 120;
const HINT = "Point at a weight to read it; click a filter to see it at length.";
const SETTINGS = {order: "index", range: "filter", part: "colour", size: null, beside: "none"};

class WeightsView {
  constructor(host, {workspace, onShow}) {
    Object.assign(this, {workspace, settings: SETTINGS, sheet: null, twin: null, record: null, column: 0, exact: null, loader: new WeightsLoader()});
    this.abort = new AbortController();
    this.build(host);
    this.release = onShow((shown) => {
      this.shown = shown;
      if (shown) this.load();
      else this.moments.stop();
    });
  }

  build(host) {
    const canvas = () => new SheetCanvas({onPoint: (place) => this.point(place), onChoose: (place) => this.choose(place), onOpen: (place) => this.open(place)});
    this.choice = layerChoice({workspace: this.workspace, suits: hasWeights, lacking: "has no weights of its own", onChange: () => this.load()});
    this.first = make("button", {type: "button", class: "vz-button", title: "The filters that look at the picture itself", hidden: true, onclick: () => this.toFirst()}, "First layer");
    this.choice.element.insertBefore(this.first, this.choice.element.lastChild);
    this.bar = weightsBar({onChange: (change) => this.change(change)});
    [this.main, this.other] = [canvas(), canvas()];
    this.detail = new FilterDetail({
      onChoose: (filter) => this.choose({filter, scroll: true}),
      onColumn: (column) => this.showColumn(column),
      onOpen: (column) => this.open({filter: this.choice.current().channel, column}),
    });
    this.moments = new Moments({onMoment: () => this.arrange()});
    this.message = retryMessage("fi-weights", {onRetry: () => this.load()});
    this.readout = make("p", {class: "vz-fi-readout vz-number vz-muted"}, HINT);
    this.notice = make("p", {class: "vz-fi-small", role: "status"});
    this.progress = make("div", {class: "vz-progress", hidden: true});
    this.sheets = make("div", {class: "vz-fi-sheets"}, this.main.element, this.other.element);
    this.body = make("div", {class: "vz-fi-body", hidden: true},
      make("div", {class: "vz-fi-main"}, this.bar.element, this.moments.element, this.readout, this.sheets, this.notice), this.detail.element);
    this.waiting = make("p", {class: "vz-muted"}, "The filters appear when the network is there.");
    this.element = make("div", {class: "vz-fi-weights"}, this.progress, this.choice.element, this.message.element, this.waiting, this.body);
    host.replaceChildren(this.element);
    this.themes = new MutationObserver(() => this.shown && this.arrange());
    this.themes.observe(document.body, {attributes: true, attributeFilter: ["class"]});
  }

  destroy() {
    this.abort.abort();
    this.release?.();
    this.choice.destroy();
    this.loader.cancel();
    this.moments.stop();
    this.themes.disconnect();
    [this.main, this.other, this.detail].forEach((part) => part.destroy());
  }

  parameters(twin = false) {
    return weightsParameters(this.workspace.get(), this.choice.current().layer.name, twin);
  }

  firstLayer() {
    return this.workspace.get().run.layers.find(hasWeights);
  }

  toFirst() {
    this.workspace.set({layer: this.firstLayer().name, channel: null, cell: null, hover: null});
  }

  busy(on) {
    clearTimeout(this.timer);
    this.element.setAttribute("aria-busy", String(on));
    if (on) this.timer = setTimeout(() => (this.progress.hidden = false), SLOW_MS);
    else this.progress.hidden = true;
  }

  /** Fetch what the choice means; a channel of the same layer needs its own weights only. */
  async load() {
    const now = this.choice?.current();
    if (!this.shown || !now) return;
    this.first.hidden = now.layer.name === this.firstLayer().name;
    const parameters = this.parameters();
    const key = JSON.stringify(parameters);
    if (key !== this.key || !this.sheet) {
      this.busy(true);
      const answer = await this.loader.sheet(parameters);
      if (!answer) return;
      this.busy(false);
      this.message.show(answer.error?.message ?? null);
      if (answer.error) {
        this.key = null;
        return;
      }
      Object.assign(this, {key, sheet: answer.value, twin: null, record: null, chain: null, exact: null});
      this.waiting.hidden = true;
      this.body.hidden = false;
      await this.loadBeside();
    }
    await this.loadFilter();
  }

  async loadBeside() {
    const {beside, order} = this.settings;
    this.twin = this.record = null;
    this.notice.textContent = "";
    this.arrange(); // what is known at once
    if (order === "alike") await this.loadChain();
    const wanted = beside === "training" ? this.sheet.checkpoints > 0 : beside !== "none" && (beside === "trained") !== this.sheet.trained;
    if (!wanted) return;
    const training = beside === "training";
    const answer = training ? await this.loader.checkpoints(this.parameters()) : await this.loader.sheet(this.parameters(true), true);
    if (!answer) return;
    if (answer.error) this.notice.textContent = answer.error.message;
    else this[training ? "record" : "twin"] = answer.value;
    this.showMoments();
    this.arrange();
  }

  async loadChain() {
    const answer = await this.loader.order(this.parameters());
    if (!answer) return;
    this.chain = answer.value ?? null;
    if (answer.error) {
      this.notice.textContent = answer.error.message;
      this.settings = {...this.settings, order: "norm"};
    }
    this.arrange();
  }

  async loadFilter() {
    const {channel} = this.choice.current();
    const answer = await this.loader.kernel(this.parameters(), channel);
    if (!answer) return;
    if (answer.error) {
      this.message.show(answer.error.message);
      return;
    }
    this.exact = {...answer.value, filter: channel};
    if (this.column >= this.sheet.inputs) this.column = 0;
    if (this.settings.order === "like") this.arrange();
    this.showMoments();
    this.showChosen(true);
  }

  showMoments() {
    this.moments.element.hidden = !this.record;
    if (this.record) this.moments.show(this.record, this.sheet, this.choice.current().channel, Math.min(this.column, this.sheet.inputs - 1));
    else this.moments.stop();
  }

  /** A control was moved. */
  change(change) {
    const part = change.part === undefined || change.part === "colour" ? change.part : Number(change.part);
    this.settings = {...this.settings, ...change, ...(part === undefined ? {} : {part})};
    if ("beside" in change) this.loadBeside();
    else if (change.order === "alike" && !this.chain) this.loadChain();
    else this.arrange();
  }

  /** Order and colour what is there; nothing is fetched for it. */
  arrange() {
    const {sheet, settings, record, twin} = this;
    if (!sheet || !this.shown) return;
    const moment = record ? withValues(sheet, this.moments.values()) : null;
    const shown = [moment ?? sheet, ...(twin ? [twin] : moment ? [sheet] : [])];
    const limits = sheetLimits(shown, settings.range);
    const order = filterOrder(sheet, settings.order, {chain: this.chain, alike: this.exact?.alike});
    const titles = moment ? ["at this moment", "at the end"] : twin ? [sheet.trained ? "trained" : "untrained", twin.trained ? "trained" : "untrained"] : [""];
    this.other.element.hidden = shown.length === 1;
    [this.main, this.other].slice(0, shown.length).forEach((canvas, place) =>
      canvas.show({sheet: shown[place], order, limits, part: settings.part, size: settings.size, title: titles[place]}));
    const {layout} = this.main;
    this.bar.show(settings, sheet, limits, isTiled(sheet) ? Math.max(layout?.drawn.width ?? 0, layout?.drawn.height ?? 0) : layout?.cell ?? 1);
    this.showChosen();
  }

  showChosen(scroll = false) {
    const now = this.choice.current();
    if (!now || !this.sheet) return;
    this.main.choose(now.channel, this.column, scroll);
    this.other.choose(now.channel, this.column, scroll && !this.other.element.hidden);
    if (!this.exact || this.exact.filter !== now.channel) return;
    const exact = this.record ? this.exactNow(now.channel) : this.exact;
    const {net, weights} = this.workspace.get();
    const own = exact.values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    const most = this.sheet.form !== "norms" && isNegligible(this.sheet, now.channel) ? reachOf(this.sheet) : own;
    const shared = this.settings.range === "layer" && this.sheet.form !== "norms";
    this.detail.show({sheet: this.sheet, filter: now.channel, column: this.column, exact, limit: shared ? sheetLimits([this.sheet], "layer").shared : most,
      python: `vz.filters(${loadCall(net, {weights})}, "${this.sheet.layer}")[${now.channel}]`});
  }

  /** The chosen filter at the moment of the training that the scrubber names. */
  exactNow(filter) {
    const {row, inputs} = this.sheet;
    const values = this.moments.values().subarray(filter * row, (filter + 1) * row);
    const norms = Float32Array.from({length: inputs}, (_, input) => Math.hypot(...values.subarray((input * row) / inputs, ((input + 1) * row) / inputs)));
    return {values, norms, alike: null, filter};
  }

  choose({filter, column, scroll = false}) {
    if (column !== undefined && column !== null && !isTiled(this.sheet)) this.column = column * 1;
    const {layer} = this.choice.current();
    if (filter === this.choice.current().channel) {
      this.showMoments();
      this.showChosen(scroll);
    }
    this.workspace.set({layer: layer.name, channel: filter, ...(this.workspace.get().layer === layer.name ? {} : {cell: null})});
  }

  showColumn(column) {
    this.column = column;
    this.showMoments();
    this.showChosen();
  }

  /** What the pointed weight is; where the sheet is rounded, the exact number follows. */
  point(place) {
    clearTimeout(this.pointing);
    this.readout.classList.toggle("vz-muted", !place);
    if (!place) {
      this.readout.textContent = HINT;
      return;
    }
    const {sheet} = this;
    const {filter, column, row, across} = place;
    const input = isTiled(sheet) ? this.settings.part : column * sheet.pool;
    this.readout.textContent = this.pointedText(place, input);
    if (sheet.exact || sheet.form === "norms") return;
    this.pointing = setTimeout(async () => {
      const answer = await this.loader.kernel(this.parameters(), filter, true);
      if (!answer?.value || sheet !== this.sheet || this.main.pointed === null) return;
      const at = (isTiled(sheet) ? 0 : input * sheet.height * sheet.width) + row * sheet.width + across;
      if (sheet.pool === 1) this.readout.textContent = `${this.placeText(place, input)}: ${format(answer.value.values[at], 6)}`;
    }, POINTED_MS);
  }

  placeText({filter, row, across}, input) {
    const {sheet} = this;
    const cell = sheet.tileHeight * sheet.tileWidth > 1 ? `, row ${row}, column ${across}` : "";
    const from = sheet.form === "colour" || sheet.inputs === 1 ? "" : ` ← input ${inputOf(sheet, filter, input)}${sheet.pool > 1 ? ` to ${Math.min(sheet.inputs, input + sheet.pool) - 1}` : ""}`;
    return `${sheet.kind === "fully connected" ? "Unit" : "Filter"} ${filter}${from}${cell}`;
  }

  pointedText(place, input) {
    const sheet = this.record ? withValues(this.sheet, this.moments.values()) : this.sheet;
    const {filter, column, row, across} = place;
    const at = row * sheet.tileWidth + across;
    const size = sheet.tileHeight * sheet.tileWidth;
    const sign = sheet.exact ? "" : "≈ ";
    const number = (from) => sign + format(sheetValue(sheet, filter, from), sheet.exact ? 6 : 2);
    if (sheet.form === "colour") return `${this.placeText(place)}: red ${number(at)}, green ${number(size + at)}, blue ${number(2 * size + at)}`;
    const norm = sheet.form === "norms" ? "norm " : "";
    return `${this.placeText(place, input)}: ${norm}${number((isTiled(sheet) ? 0 : column * size) + at)}`;
  }

  /** A kernel goes to the workbench, with what it meets on the picture. */
  async open({filter, column = 0}) {
    if (refusal(this.sheet)) return;
    const answer = filter === this.exact?.filter ? {value: this.exact} : await this.loader.kernel(this.parameters(), filter);
    if (!answer?.value || !this.workspace.get().run) return;
    try {
      await openKernel(this.workspace, {sheet: this.sheet, filter, column: isTiled(this.sheet) ? 0 : column, values: answer.value.values}, this.abort.signal);
    } catch (error) {
      if (error.name !== "AbortError") this.notice.textContent = error.message;
    }
  }
}

/** Put the view into `element`; it goes with `destroy()`. */
export function mountWeights(element, context) {
  return new WeightsView(element, context);
}
