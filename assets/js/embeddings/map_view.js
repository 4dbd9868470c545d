// The map: made on the server while one watches, explored in the browser.

import {postFrames} from "../api.js";
import {make} from "../dom.js";
import {retryMessage} from "../retry_message.js";
import {asVisitor} from "../visitor.js";
import {MapControls, mapParameters} from "./map_controls.js";
import {MapData} from "./map_data.js";
import {MapMine} from "./map_mine.js";
import {MapDetail, MapLegend, MapQuality} from "./map_side.js";
import {MapSelection, saveRows} from "./map_selection.js";
import {MapSheet} from "./map_sheet.js";
import {MapTransport} from "./map_transport.js";
import {CAUTIONS, progressShare, progressText, pythonLines} from "./map_words.js";
import {sprites} from "./sprites.js";

const AT_ONCE = 2000; // so many pictures are arranged without being asked
const PAUSE_MS = 300;
const SCENE_KEYS = ["colour", "dots"];

class MapView {
  constructor(host, {workspace, state, source, onShow}) {
    Object.assign(this, {workspace, state, source, shown: false, data: null, sheet: null, running: null, timer: null, key: null});
    this.build(host);
    this.release = [
      onShow((shown) => this.turn(shown)),
      source.subscribe(() => this.look()),
      state.subscribe((_, keys) => (keys.every((key) => SCENE_KEYS.includes(key)) ? this.recolour() : this.look())),
    ];
  }

  build(host) {
    const {state, workspace, source} = this;
    this.controls = new MapControls({state, onStart: () => this.start(), onStop: () => this.stop(true)});
    this.message = retryMessage("mp", {onRetry: () => this.start()});
    this.bar = make("progress", {class: "vz-mp-bar", max: "1", "aria-label": "Progress of the map"});
    this.words = make("p", {class: "vz-mp-words vz-number", id: "vz-mp-words", role: "status"});
    this.legend = new MapLegend({state, onFade: () => this.refresh()});
    this.detail = new MapDetail({onPick: (place) => this.map.pin(place)});
    this.quality = new MapQuality();
    this.selection = new MapSelection({onClear: () => this.map.select([]), onPick: (place) => this.map.pin(place), onPoint: (place) => this.map.point(place)});
    this.mine = new MapMine({workspace, source, onChange: () => this.refresh()});
    this.map = new MapSheet({state, mine: this.mine, onPoint: (place) => this.pointed(place), onSelect: (places) => this.selection.show(places, this.data, this.sheet)});
    this.transport = new MapTransport({onFrame: (place) => this.seek(place)});
    this.caution = make("p", {class: "vz-mp-caution"});
    this.python = make("code", {class: "vz-python"});
    this.export = make("button", {type: "button", class: "vz-button", id: "vz-mp-export", disabled: true, onclick: () => saveRows("map.csv", this.data, [...Array(this.data.count).keys()])}, "Save the map as CSV");
    this.progress = make("div", {class: "vz-mp-progress"}, this.bar, this.words);
    this.map.element.append(this.progress);
    const side = make("aside", {class: "vz-mp-side"}, this.detail.element, this.quality.element, this.legend.element);
    const main = make("div", {class: "vz-mp-main"}, this.map.element, this.transport.element,
      make("div", {class: "vz-mp-row"}, this.mine.button, this.export), this.mine.words, this.selection.element, this.caution,
      make("details", {class: "vz-mp-lines"}, make("summary", {}, "In Python"), this.python));
    this.body = make("div", {class: "vz-mp-body"}, main, side);
    this.element = make("div", {class: "vz-mp"}, this.controls.element, this.message.element, this.body);
    this.tell(null);
    host.replaceChildren(this.element);
  }

  turn(shown) {
    this.shown = shown;
    if (shown) this.look();
    else clearTimeout(this.timer);
  }

  /** Everything a map depends on; null while it is not known. */
  asked() {
    const source = this.source.parameters();
    return source && {...source, ...mapParameters(this.state.get())};
  }

  /** Something may have changed: a small set is arranged at once, a large one when asked. */
  look() {
    if (!this.shown) return;
    const asked = this.asked();
    if (!asked) {
      this.message.show(this.source.error?.message ?? null);
      return;
    }
    const {record, menu} = this.source.get();
    this.controls.size(record.count);
    this.controls.offer(menu.methods);
    this.caution.textContent = CAUTIONS[this.state.get().method];
    const {own} = record;
    this.python.textContent = pythonLines({...this.source.get(), own, settings: mapParameters(this.state.get())});
    const key = JSON.stringify(asked);
    this.stale = key !== this.key;
    this.fresh();
    if (!this.stale) return;
    clearTimeout(this.timer);
    const few = Math.min(record.count, this.state.get().limit ?? Infinity) <= AT_ONCE;
    if (few && !this.refused?.has(key)) this.timer = setTimeout(() => this.shown && this.start(), PAUSE_MS);
    else if (!this.data) this.map.invite(`${record.count.toLocaleString("en")} pictures are arranged when you say so.`);
  }

  fresh() {
    this.controls.show({running: this.running !== null, stale: this.stale, made: this.data !== null});
  }

  async start() {
    const asked = this.asked();
    if (!asked) return;
    clearTimeout(this.timer);
    this.stop(false);
    const own = new AbortController();
    const data = new MapData(asked);
    Object.assign(this, {running: own, key: JSON.stringify(asked), stale: false, waiting: data});
    this.message.show(null);
    this.tell(null, true);
    this.fresh();
    try {
      const {record} = this.source.get();
      const sheet = sprites(record);
      sheet.catch(() => null); // told below, where it is waited for
      await asVisitor(() => postFrames("embedding", asked, (frame) => this.take(frame, data, sheet), {signal: own.signal}));
    } catch (error) {
      if (this.running === own) this.failed(error);
    }
    if (this.running !== own) return;
    this.running = null;
    this.tell(null);
    this.fresh();
    if (this.data) this.transport.show(this.data.frames, false);
  }

  failed(error) {
    if (error.name === "AbortError") return;
    this.message.show(error.message);
    if (!this.data) this.map.invite("");
  }

  take(frame, data, sheet) {
    if (this.waiting !== data) return;
    const stage = data.take(frame);
    this.tell(data.progress, true);
    if (stage === "map" && data.frames.length > 0) {
      if (this.data !== data) this.begin(data, sheet);
      this.map.grow(data);
      this.transport.show(data.frames, true);
    }
    if (stage === "settled") this.settle(data);
  }

  /** The first frame of a new map takes the place of the old one. */
  begin(data, sheet) {
    Object.assign(this, {data, sheet: null});
    this.mine.follow(null);
    this.quality.show(null);
    this.detail.rest();
    this.export.disabled = true;
    this.map.show(data);
    this.recolour();
    sheet.then((found) => this.data === data && this.pictures(found), (error) => this.data === data && this.message.show(error.message));
  }

  pictures(sheet) {
    this.sheet = sheet;
    this.map.pictures(sheet);
    this.recolour();
  }

  settle(data) {
    this.quality.show(data);
    this.export.disabled = false;
    this.recolour();
    this.mine.follow(data);
    this.map.grow(data);
  }

  seek(place) {
    this.map.seek(place);
  }

  recolour() {
    if (!this.data?.points) return;
    const {kinds, colours, mode} = this.map.recolour();
    this.legend.show({mode, kinds, colours, comparable: this.data.isComparable, predictions: `${this.data.points.predicted.slice(0, 2).join(", ")}, …`});
    this.refresh();
  }

  refresh() {
    this.map.scene.faded = this.legend.faded;
    this.map.redraw();
  }

  pointed(place) {
    if (place >= 0) this.detail.show(place, this.data, this.sheet);
  }

  tell(header, running = false) {
    const text = running ? progressText(header) : "";
    this.bar.hidden = !text;
    this.words.textContent = text ?? "";
    this.progress.hidden = !text;
    const share = progressShare(header);
    if (share === null) this.bar.removeAttribute("value");
    else this.bar.value = share;
  }

  stop(byHand) {
    this.running?.abort();
    this.running = null;
    this.waiting = null;
    if (!byHand) return;
    this.refused = new Set([JSON.stringify(this.asked())]);
    this.key = null;
    this.stale = true;
    this.tell(null);
    this.fresh();
    this.progress.hidden = false;
    this.words.textContent = this.data && !this.data.settled ? "Cancelled: the map stays as it was by then." : "Cancelled.";
    if (this.data) this.transport.show(this.data.frames, false);
  }

  destroy() {
    clearTimeout(this.timer);
    this.stop(false);
    this.transport.pause();
    this.release.forEach((release) => release?.());
    this.mine.destroy();
    this.controls.destroy();
    this.map.destroy();
  }
}

/** Put the view into `element`. */
export function mountMap(element, context) {
  return new MapView(element, context);
}
