// The feature-map panel: every channel of a layer at once, one of them large.

import {address, configure, getArrays} from "./api.js";
import {newestOnly, Recent} from "./answers.js";
import {requestView} from "./arithmetic_views.js";
import {ChannelDetail} from "./channel_detail.js";
import {ChannelGrid} from "./channel_grid.js";
import {channelMaps, isScalar} from "./channel_maps.js";
import {LayerStrip, stepOf} from "./layer_strip.js";
import {defaultLayer} from "./layers.js";
import {exportCanvas, fileName, pythonLines, savePNG} from "./map_export.js";
import {fileStem} from "./own_networks.js";
import {createToolbar} from "./map_toolbar.js";
import {MapView} from "./map_view.js";
import {createFrame} from "./maps_frame.js";
import {viewParameters, workspace} from "./store.js";

const SLOW_MS = 300;
const LAYERS_KEPT = 24;
const HINT = "Point at a cell to read its value; click to select it.";
const SETTINGS = {sort: null, descending: false, range: "channel", colours: "viridis", size: null, itemSize: null, opacity: 0.8};

/** Nothing is fetched for a tab that nobody sees. */
const inFront = ({panel}) => !panel || panel === "feature-maps";

class FeatureMapPanel {
  constructor(host) {
    this.settings = SETTINGS;
    this.view = null; // the layer on screen
    this.run = null; // the run in the strip
    this.wanted = null; // key of the layer on its way
    this.kept = new Recent(LAYERS_KEPT);
    this.loads = {maps: newestOnly(), values: newestOnly()};
    this.picture = {handle: null, image: null};
    this.build(host);
    this.release = workspace.subscribe((state, keys) => this.changed(state, keys));
    this.changed(workspace.get(), ["run", "layer", "error"]);
  }

  build(host) {
    this.strip = new LayerStrip({onSelect: (layer) => workspace.set({layer, cell: null, hover: null})});
    this.toolbar = createToolbar({onChange: (change) => this.change(change)});
    this.grid = new ChannelGrid({
      onHover: (cell) => this.hover(cell),
      onSelect: ({channel, row, column}) => workspace.set({channel, cell: [row, column]}),
      onLayout: (sizes) => this.toolbar.show({maps: this.view.maps, limits: this.view.limits, settings: this.view.inForce(this.settings), ...sizes}),
    });
    this.detail = new ChannelDetail({
      onHover: (cell) => this.hover(cell && {...cell, channel: this.channel()}),
      onSelect: ({row, column}) => workspace.set({channel: this.channel(), cell: [row, column]}),
      onStep: (by) => workspace.set({channel: this.view.neighbour(this.channel(), by)}),
      onOpacity: (opacity) => this.change({opacity}),
      onTrace: () => this.openTrace(),
    });
    this.frame = createFrame(this, {
      onPNG: () => this.savePicture(),
      onRetry: () => this.load(workspace.get(), true),
    });
    this.element = this.frame.element;
    this.element.addEventListener("keydown", (event) => this.key(event));
    host.replaceChildren(this.element);
    this.themes = new MutationObserver(() => {
      this.grid.relayout();
      this.detail.draw();
    });
    this.themes.observe(document.body, {attributes: true, attributeFilter: ["class"]});
  }

  destroy() {
    this.release();
    this.themes.disconnect();
    this.grid.destroy();
    this.detail.observer.disconnect();
    this.strip.observer.disconnect();
    Object.values(this.loads).forEach((load) => load.cancel());
  }

  /** Up and down walk through the network's depth wherever the panel has the focus. */
  key(event) {
    const step = stepOf(event);
    if (step === null || event.target.closest("input, select, textarea, pre")) return;
    if (Math.abs(step) > 1 && event.target !== this.strip.list) return; // the page scrolls
    this.strip.step(step);
    event.preventDefault();
    event.stopPropagation();
  }

  changed(state, keys) {
    if (!this.element.isConnected) return this.destroy();
    if (keys.includes("hover")) this.showPointed(state);
    if (keys.length === 1 && keys[0] === "hover") return;
    if (state.run && state.run !== this.run) this.showRun(state);
    if (keys.includes("layer")) this.strip.select(state.layer);
    if (!inFront(state)) return;
    const has = (...wanted) => keys.includes("panel") || wanted.some((key) => keys.includes(key));
    if (has("run", "layer", "error")) this.load(state);
    if (has("channel", "cell")) this.showSelection(has("channel"));
  }

  /** A new run: fill the strip; where the layer is gone, one at the same depth takes its place. */
  showRun(state) {
    const {layers} = state.run;
    const before = this.run?.layers ?? [];
    const known = (list, name) => list.findIndex((layer) => layer.name === name);
    this.run = state.run;
    this.strip.show(state.run);
    this.strip.select(state.layer);
    if (known(layers, state.layer) >= 0) return;
    const place = known(before, state.layer);
    const layer = defaultLayer(layers, place >= 0 ? place / Math.max(1, before.length - 1) : null);
    if (state.layer) this.notice(`${state.run.title} has no layer “${state.layer}”: this is ${layer}.`);
    workspace.set({layer, channel: null, cell: null, hover: null});
  }

  async load(state, again = false) {
    const {run, layer, error} = state;
    if (!run) {
      this.wanted = null;
      this.loads.maps.cancel();
      this.wait(!error);
      this.frame.message.show(error && (error.message ?? String(error)), false);
      this.element.classList.toggle("vz-stale", Boolean(error));
      return;
    }
    if (!run.layers.some(({name}) => name === layer)) return; // showRun has asked for another
    const key = JSON.stringify({...viewParameters(state), layer});
    if (key === this.wanted && !again) return;
    this.wanted = key;
    if (!this.frame.notice.textContent.endsWith(`${layer}.`)) this.notice(""); // it was about another layer
    this.frame.message.show(null);
    this.element.classList.remove("vz-stale");
    const kept = this.kept.get(key);
    this.wait(!kept);
    const answer = kept
      ? {value: kept}
      : await this.loads.maps.run(async (signal) => channelMaps(await getArrays("maps", {...viewParameters(state), layer}, {signal})));
    if (!answer || this.wanted !== key) return;
    this.wait(false);
    if (answer.error) this.fail(answer.error);
    else {
      this.kept.set(key, answer.value);
      this.showLayer(new MapView({maps: answer.value, run, state}));
    }
  }

  fail(error) {
    this.wanted = null;
    this.frame.message.show(error.message);
    this.element.classList.add("vz-stale");
  }

  /** A thin line runs once something takes long; what was there stays. */
  wait(waiting) {
    clearTimeout(this.timer);
    this.element.setAttribute("aria-busy", String(waiting));
    if (waiting) this.timer = setTimeout(() => (this.frame.progress.hidden = false), SLOW_MS);
    else this.frame.progress.hidden = true;
  }

  showLayer(view) {
    const {maps, run} = view;
    this.view = view;
    this.element.classList.remove("vz-waiting");
    this.frame.heading.show(run.layers.find(({name}) => name === maps.layer), run.trained);
    const {channel, cell} = workspace.get();
    if (channel !== null && channel >= maps.channels) workspace.set({channel: null, cell: null});
    else if (cell && !view.holds(cell)) workspace.set({cell: null});
    this.arrange();
  }

  notice(text) {
    this.frame.notice.textContent = text;
  }

  /** A control was moved; a diverging map needs its white at 0. */
  change(change) {
    if (!this.view) return;
    let settings = change;
    if ("size" in change && isScalar(this.view.maps)) settings = {itemSize: change.size};
    if ("sort" in change || "descending" in change) {
      const {sort, descending} = this.view.inForce(this.settings);
      settings = {sort, descending, ...change};
    }
    if (change.colours === "diverging" && this.settings.range !== "symmetric") {
      settings = {...change, range: "symmetric"};
      this.notice("The range is now symmetric around 0, so that white means 0.");
    }
    this.settings = {...this.settings, ...settings};
    if ("opacity" in change) this.showDetail();
    else this.arrange();
  }

  /** Order and colour the layer on screen; nothing is fetched for it. */
  arrange() {
    const sorted = this.view.arrange(this.settings);
    const {colours, size, itemSize} = this.settings;
    const {maps, order, limits, labels} = this.view;
    this.grid.show({maps, order, limits, colours, labels, size, itemSize});
    this.showSelection(sorted);
  }

  channel() {
    return this.view.channel(workspace.get().channel);
  }

  showSelection(scroll) {
    if (!this.view) return;
    const {channel, cell} = workspace.get();
    this.grid.mark(this.channel(), cell, scroll && channel !== null);
    workspace.set({selectedReceptive: cell && this.view.looking({channel: this.channel(), row: cell[0], column: cell[1]}).receptive});
    this.showDetail();
    this.loadValues();
    this.loadPicture();
    this.showExports();
  }

  async loadValues() {
    const {view} = this;
    const channel = this.channel();
    if (view.values(channel)) return this.loads.values.cancel();
    const answer = await this.loads.values.run((signal) =>
      getArrays("values", {...viewParameters(view.state), layer: view.maps.layer, channel}, {signal}));
    if (!answer || view !== this.view) return undefined;
    if (answer.error) this.frame.message.show(answer.error.message);
    else view.exact.set(channel, answer.value.arrays.values);
    return this.showDetail();
  }

  loadPicture() {
    const {picture} = this.view.state;
    if (this.picture.handle === picture) return;
    const image = new Image();
    this.picture = {handle: picture, image: null};
    image.onload = () => {
      if (this.picture.handle !== picture) return;
      this.picture.image = image;
      this.showDetail();
    };
    image.src = address(`pictures/${encodeURIComponent(picture)}`);
  }

  showDetail() {
    const {view} = this;
    if (!view) return;
    const channel = this.channel();
    const {cell} = workspace.get();
    const {colours, opacity} = this.settings;
    this.detail.show({
      maps: view.maps, run: view.run, limits: view.limits, channel, colours, opacity, cell,
      place: view.placeText(channel), label: view.labels.get(channel), values: view.values(channel), image: this.picture.image,
    });
    this.showPointed(workspace.get());
  }

  hover(cell) {
    workspace.set({hover: cell && this.view ? this.view.looking(cell) : null});
  }

  /** The selected cell, or the strongest one of the channel, opens in the arithmetic panel. */
  openTrace() {
    const channel = this.channel();
    workspace.set({channel, cell: workspace.get().cell ?? this.view.strongest(channel), hover: null, panel: "arithmetic"});
    requestView("trace");
  }

  /** Readout and outlines of the cell pointed at, or else of the selected one. */
  showPointed({hover, cell}) {
    const {view} = this;
    if (!view) return;
    const own = hover?.layer === view.maps.layer && view.holds([hover.row, hover.column]) ? hover : null;
    const selected = cell && view.holds(cell) ? view.looking({channel: this.channel(), row: cell[0], column: cell[1]}) : null;
    const shown = own ?? selected;
    this.detail.mark(selected && cell, own?.channel === this.channel() ? own : null, shown?.receptive);
    this.frame.readout.textContent = shown ? view.readout(shown) : HINT;
    this.frame.readout.classList.toggle("vz-muted", !shown);
  }

  showExports() {
    const {maps, state, run} = this.view;
    const {cell} = workspace.get();
    this.frame.exports.show({
      python: pythonLines({...state, layer: maps.layer, channel: this.channel(), cell, backend: run.backend}),
      npz: address("export", {...viewParameters(state), layer: maps.layer}),
    });
  }

  savePicture() {
    if (!this.view) return;
    const {state, maps} = this.view;
    savePNG(exportCanvas(this.view, this.view.inForce(this.settings)), `${fileName(fileStem(state.net), maps.layer)}.png`);
  }
}

/** Put the panel into `element`; it goes when the element leaves the page. */
export function mount(element, {root} = {}) {
  if (root !== undefined) configure({root});
  return new FeatureMapPanel(element);
}
