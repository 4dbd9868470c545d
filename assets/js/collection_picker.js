// The choice of a collection of pictures: the menu, own zip or folder, downloads with progress.

import {asVisitor} from "./visitor.js";
import {getJSON, postFrames, postLines} from "./api.js";
import {CollectionTask} from "./collection_task.js";
import {collections, factsText, grouped, notesOf, optionText, preferred, refresh, remark, subscribe} from "./collection_list.js";
import {icon, make} from "./dom.js";
import {ICONS} from "./icons.js";
import {sizeText} from "./network_menu.js";
import {filesOfDrop, filesOfInput, packed, sortedFiles} from "./own_collection.js";
import {modelOf} from "./view.js";

let pickers = 0;

class CollectionPicker {
  constructor({workspace, suits, first, onChange}) {
    Object.assign(this, {workspace, suits, first, onChange, list: null, catalogue: null, chosen: null, offered: null, byHand: false});
    this.ending = new AbortController();
    this.id = `vz-collection-${(pickers += 1)}`;
    this.task = new CollectionTask({again: () => this.start()});
    this.build();
    const stops = [subscribe((list) => this.take(list)), workspace.subscribe((_, keys) => keys.includes("net") && this.follow())];
    this.ending.signal.addEventListener("abort", () => stops.forEach((stop) => stop()));
    this.start();
  }

  build() {
    const own = (text, title, symbol, input) =>
      make("button", {type: "button", class: "vz-button", title, onclick: () => input.click()}, icon(ICONS[symbol]), text);
    const input = (label, attributes) => make("input", {type: "file", class: "vz-unseen", tabindex: "-1", "aria-label": label,
      onchange: (event) => this.addFrom(event.target), ...attributes});
    const zip = input("Zip archive", {accept: ".zip,application/zip"});
    const folder = input("Folder of pictures", {webkitdirectory: true});
    this.select = make("select", {class: "vz-field", id: this.id, "aria-describedby": `${this.id}-facts`, onchange: () => this.choose(this.select.value, true)});
    this.facts = make("p", {class: "vz-co-facts vz-muted", id: `${this.id}-facts`, role: "status"});
    this.notes = make("div", {class: "vz-co-notes"});
    this.offerText = make("p");
    this.offerButton = make("button", {type: "button", class: "vz-button vz-primary", onclick: () => this.download()});
    this.offer = make("div", {class: "vz-co-offer", hidden: true}, this.offerText, this.offerButton);
    const help = "A zip archive of pictures. Folders inside are the labels. It stays in this server’s memory while this page is open.";
    this.element = make("section", {class: "vz-co", "aria-label": "Collection of pictures"},
      make("div", {class: "vz-co-row"},
        make("label", {class: "vz-control vz-co-choice", for: this.id}, make("span", {class: "vz-control-name"}, "Collection"), this.select),
        make("div", {class: "vz-co-own", role: "group", "aria-label": "Own pictures"},
          own("Own zip", help, "upload", zip),
          "webkitdirectory" in HTMLInputElement.prototype ? own("Own folder", help.replace("zip archive", "folder"), "upload", folder) : null, zip, folder)),
      this.offer, this.task.element, this.facts, this.notes);
    this.listenToDrops();
  }

  listenToDrops() {
    const files = (event) => event.dataTransfer?.types.includes("Files");
    const mark = (on) => this.element.classList.toggle("vz-co-dropping", on);
    this.element.addEventListener("dragover", (event) => files(event) && (event.preventDefault(), mark(true)));
    this.element.addEventListener("dragleave", (event) => this.element.contains(event.relatedTarget) || mark(false));
    this.element.addEventListener("drop", async (event) => {
      mark(false);
      if (!files(event)) return;
      event.preventDefault(); // else it becomes the page's picture
      this.add(await filesOfDrop(event.dataTransfer));
    });
  }

  /** Fetch the list and what the network wants; a failure can be retried. */
  async start() {
    this.task.clear();
    this.facts.textContent = "Asking which collections there are …";
    try {
      const [list, catalogue] = await Promise.all([collections(), getJSON("catalogue", {}, {signal: this.ending.signal})]);
      this.catalogue = catalogue;
      this.take(list);
    } catch (error) {
      this.facts.textContent = "";
      if (error.name !== "AbortError") this.task.fail(error.message, true);
    }
  }

  /** The network's entry in the catalogue; `suits` names another family of labels. */
  model() {
    const model = modelOf(this.catalogue, this.workspace.get().net);
    return typeof this.suits === "string" && model ? {...model, labels: this.suits} : model;
  }

  take(list) {
    this.list = list;
    const gone = this.chosen && !list.collections.some(({name}) => name === this.chosen.name);
    if (gone) this.byHand = false;
    this.draw();
    if (!this.chosen || gone) this.follow();
  }

  /** A network of another kind gets its own data, unless the visitor has chosen. */
  follow() {
    if (!this.list || !this.catalogue) return;
    const records = this.list.collections;
    const best = preferred(typeof this.suits === "function" ? records.filter(this.suits) : records, this.model());
    if (best && !this.byHand) this.choose(best.name, false);
    if (records.some(({name}) => name === this.first)) this.choose(this.first, true);
    this.first = null;
    this.draw();
  }

  choose(name, byHand) {
    const record = this.list.collections.find((one) => one.name === name);
    this.byHand ||= byHand;
    if (byHand && !this.task.busy) this.task.clear();
    if (!record.ready) {
      this.offered = record;
      this.draw();
      return;
    }
    this.offered = null;
    const changed = this.chosen?.name !== name;
    this.chosen = record;
    this.draw();
    if (changed) this.onChange?.(record);
  }

  draw() {
    if (!this.list) return;
    const groups = grouped(this.list.collections, this.model()).map(({title, records}) =>
      make("optgroup", {label: title}, ...records.map((record) => make("option", {value: record.name}, optionText(record)))));
    this.select.replaceChildren(...groups);
    const shown = this.offered ?? this.chosen;
    if (!shown) return;
    this.select.value = shown.name;
    this.facts.textContent = factsText(shown);
    this.drawNotes(shown);
    this.offer.hidden = !this.offered || this.task.busy;
    if (!this.offered) return;
    const still = this.chosen ? ` Until then “${this.chosen.title}” stays chosen.` : "";
    this.offerText.textContent = `${shown.title} is not on this machine yet. Licence: ${shown.licence}.${still}`;
    this.offerButton.textContent = `Download (${sizeText(shown.size_bytes)})`;
  }

  drawNotes(record) {
    const {plain, summary, lines} = notesOf(record);
    const list = summary && make("details", {}, make("summary", {}, summary), make("ul", {}, ...lines.map((line) => make("li", {}, line))));
    this.notes.replaceChildren(...plain.map((note) => make("p", {}, note)), ...(list ? [list] : []));
    this.notes.hidden = !plain.length && !list;
  }

  download() {
    const {name, title} = this.offered;
    const words = {download: `Downloading ${title}`, unpack: `Unpacking ${title}`};
    this.run(title, async (signal) => {
      let done = false;
      await asVisitor(() => postLines("collections/download", {name}, (line) => {
        if (line.error) throw new Error(line.error);
        done ||= Boolean(line.done);
        if (line.step) this.task.progress(words[line.step], line.received, line.total, sizeText);
      }, {signal}));
      if (!done) throw new Error("The download ended early. Try it again.");
      return name;
    });
  }

  addFrom(input) {
    const entries = filesOfInput(input);
    input.value = "";
    if (entries.length) this.add(entries);
  }

  /** Send a zip, or a folder as one; what was read becomes the collection. */
  add(entries) {
    if (!this.list) return;
    const {limits} = this.list;
    const {refusal, zip, files, skipped, title} = sortedFiles(entries, limits);
    if (refusal) {
      this.task.fail(refusal, false);
      return;
    }
    this.run(title, async (signal) => {
      const onFile = (done) => this.task.progress("Packing pictures", done, files.length);
      const body = zip ?? (await packed(files, limits, {onFile, signal}));
      this.task.progress(`Sending ${sizeText(body.size)}`);
      const record = await this.send(title, body, signal);
      if (skipped) remark(record.name, `Not sent, being no pictures: ${skipped.toLocaleString("en")} of ${entries.length.toLocaleString("en")} files.`);
      return record.name;
    });
  }

  async send(title, body, signal) {
    let record = null;
    await asVisitor(() => postFrames("collections", {title}, ({header}) => {
      if (header.collection) record = header.collection;
      else this.task.progress("Reading pictures", header.files, header.of);
    }, {signal, body}));
    return record;
  }

  /** Do something long with progress and a way to cancel; its result is chosen. */
  async run(title, work) {
    const signal = this.task.begin(`${title} …`, this.ending.signal);
    this.draw();
    try {
      const name = await work(signal);
      await refresh();
      this.task.clear();
      if (!this.ending.signal.aborted) this.choose(name, true);
    } catch (error) {
      if (signal === this.task.signal) this.task.fail(error.name === "AbortError" ? null : error.message, false);
      this.draw();
    }
  }

  destroy() {
    this.ending.abort();
    this.task.cancel();
    this.element.remove();
  }
}

/** A collection to choose, `first` at first; `value()` is its name or null; `onChange(record)` hears of another. */
export function collectionPicker({workspace, suits = null, first = null, onChange = null}) {
  const picker = new CollectionPicker({workspace, suits, first, onChange});
  return {element: picker.element, value: () => picker.chosen?.name ?? null, record: () => picker.chosen, destroy: () => picker.destroy()};
}
