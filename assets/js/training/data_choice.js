// Which pictures are learned from: the library's, downloaded ones, the visitor's own zip or folder.

import {postFrames, postLines} from "../api.js";
import {collections, refresh, remark, subscribe} from "../collection_list.js";
import {CollectionTask} from "../collection_task.js";
import {icon, make} from "../dom.js";
import {ICONS} from "../icons.js";
import {sizeText} from "../network_menu.js";
import {filesOfDrop, filesOfInput, packed, sortedFiles} from "../own_collection.js";
import {asVisitor} from "../visitor.js";
import {count} from "./tr_says.js";

const OWN = "own zip or folder";
const HELP = "A zip or a folder with one folder of pictures for each class: cats/…, dogs/…. It stays in this server’s memory while this page is open.";
const STEPS = {download: "Downloading", unpack: "Unpacking"};

/** "1,797 pictures, 28 × 28, 10 classes". */
export function dataFacts({count: pictures, side, classes, channels}) {
  const parts = [pictures ? `${count(pictures)} ${pictures === 1 ? "picture" : "pictures"}` : "", side ? `${side} × ${side}${channels === 3 ? " in colour" : ""}` : "", classes ? `${count(classes)} ${classes === 1 ? "class" : "classes"}` : ""];
  return parts.filter(Boolean).join(" · ");
}

/** What is still missing of the data asked for; null where they are there. */
export function missingWords(asked, record) {
  if (asked === null) return null;
  if (asked === OWN) return "Your own pictures are chosen, but none are here yet: give a zip or a folder, or choose other data.";
  return `${record?.title ?? "This data set"} is not on this machine yet: download it, or choose other data.`;
}

export class DataChoice {
  /** `desk` has `menu.data`, `setup.data` and `clerk.wait`; `choose(name)`: data that are there; `reload()` fetches the menu anew. */
  constructor({desk, choose, reload, id = "vz-tn-data"}) {
    Object.assign(this, {desk, choose, reload, own: [], limits: null, asked: null});
    this.ending = new AbortController();
    this.task = new CollectionTask({again: () => this.task.clear()});
    this.select = make("select", {class: "vz-field", id, "data-field": "data", onchange: () => this.chosen()});
    this.facts = make("p", {class: "vz-muted vz-tn-facts", id: `${id}-facts`});
    this.offer = make("div", {class: "vz-tn-offer", hidden: true});
    this.fault = make("p", {class: "vz-tn-fault", id: `${id}-fault`, role: "alert", hidden: true});
    this.element = make("div", {class: "vz-tn-data"}, make("label", {class: "vz-control"}, make("span", {class: "vz-control-name"}, "Data"), this.select), this.offer, this.task.element, this.fault, this.facts);
    this.release = subscribe((list) => this.take(list));
    this.ownPictures = this.buildOwn();
  }

  buildOwn() {
    const input = (label, attributes) => make("input", {type: "file", class: "vz-unseen", tabindex: "-1", "aria-label": label, ...attributes, onchange: (event) => {
      const entries = filesOfInput(event.target);
      event.target.value = "";
      if (entries.length) this.add(entries);
    }});
    const [zip, folder] = [input("Zip archive", {accept: ".zip,application/zip"}), input("Folder of pictures", {webkitdirectory: true})];
    const button = (text, target) => make("button", {type: "button", class: "vz-button", onclick: () => target.click()}, icon(ICONS.upload), text);
    const element = make("div", {class: "vz-tn-drop"}, make("p", {}, HELP), make("div", {class: "vz-tn-buttons"}, button("Zip", zip), button("Folder", folder), zip, folder));
    const files = (event) => event.dataTransfer?.types.includes("Files");
    this.element.addEventListener("dragover", (event) => files(event) && (event.preventDefault(), this.element.classList.add("vz-tn-dropping")));
    this.element.addEventListener("dragleave", (event) => this.element.contains(event.relatedTarget) || this.element.classList.remove("vz-tn-dropping"));
    this.element.addEventListener("drop", async (event) => {
      this.element.classList.remove("vz-tn-dropping");
      if (!files(event)) return;
      event.preventDefault(); // else it becomes the page's picture
      this.add(await filesOfDrop(event.dataTransfer));
    });
    return element;
  }

  take({collections: list, limits}) {
    this.limits = limits;
    this.own = list.filter(({own}) => own);
    this.draw();
  }

  draw() {
    const {menu, setup} = this.desk;
    if (!menu) return;
    const option = ({name, title, ready = true, size_bytes: bytes}) => make("option", {value: name}, ready ? title : `${title} (${sizeText(bytes)} to download)`);
    const mine = this.own.length ? [make("optgroup", {label: "Yours, on this page only"}, ...this.own.map(option))] : [];
    this.select.replaceChildren(...menu.data.map(option), ...mine, make("option", {value: OWN}, "Your own zip or folder …"));
    this.select.value = this.asked ?? setup.data;
    const record = [...menu.data, ...this.own].find(({name}) => name === this.select.value);
    this.facts.textContent = record ? dataFacts(record) : "";
    this.facts.title = record?.sentence ?? "";
    this.desk.clerk.wait(missingWords(this.asked, record));
  }

  /** Say why the chosen pictures cannot be learned from; null: they can. */
  refuse(sentence) {
    this.fault.hidden = !sentence;
    this.fault.textContent = sentence ?? "";
  }

  /** A link, or the page before, has own pictures: they have to be given again. */
  askForOwn() {
    if (this.asked === OWN) return;
    this.draw();
    this.select.value = OWN;
    this.chosen();
  }

  chosen() {
    const {value} = this.select;
    const record = this.desk.menu.data.find(({name}) => name === value);
    const there = value !== OWN && record?.ready !== false;
    this.asked = there ? null : value;
    this.task.clear();
    this.offer.hidden = there;
    if (there) this.choose(value);
    else this.offer.replaceChildren(value === OWN ? this.ownPictures : this.download(record));
    if (value === OWN && !this.limits) collections().then((list) => this.take(list), (error) => this.task.fail(error.message, false));
    this.draw();
  }

  download(record) {
    const {title, size_bytes: bytes} = record;
    return make("div", {}, make("p", {}, `${title} is not on this machine yet.`),
      make("button", {type: "button", class: "vz-button vz-primary", onclick: () => this.fetch(record)}, icon(ICONS.download), `Download (${sizeText(bytes)})`));
  }

  /** Do something long with progress and a way to cancel; the data it names are chosen. */
  async long(title, work) {
    const signal = this.task.begin(`${title} …`, this.ending.signal);
    this.offer.hidden = true;
    try {
      const name = await work(signal);
      this.task.clear();
      this.asked = null;
      if (!this.ending.signal.aborted) this.choose(name);
    } catch (error) {
      if (signal === this.task.signal) this.task.fail(error.name === "AbortError" ? null : error.message, false);
      this.offer.hidden = this.asked === null;
    }
    this.draw();
  }

  fetch({name, title}) {
    return this.long(title, async (signal) => {
      await asVisitor(() => postLines("training/fetch", {data: name}, (line) => {
        if (line.error) throw new Error(line.error);
        if (line.step) this.task.progress(`${STEPS[line.step] ?? "Fetching"} ${title}`, line.received, line.total, sizeText);
      }, {signal}));
      await this.reload();
      if (!this.desk.menu.data.find((one) => one.name === name)?.ready) throw new Error("The download ended early. Try it again.");
      return name;
    });
  }

  /** Send a zip, or a folder as one. */
  async add(entries) {
    const list = await collections().catch(() => null);
    if (!list) return this.task.fail("The server cannot be reached. Check that it is running, then try again.", false);
    const {limits} = list;
    const {refusal, zip, files, skipped, title} = sortedFiles(entries, limits);
    if (refusal) return this.task.fail(refusal, false);
    this.asked = OWN;
    return this.long(title, async (signal) => {
      const body = zip ?? (await packed(files, limits, {onFile: (done) => this.task.progress("Packing pictures", done, files.length), signal}));
      this.task.progress(`Sending ${sizeText(body.size)}`);
      let record = null;
      await asVisitor(() => postFrames("collections", {title}, ({header}) => {
        if (header.collection) record = header.collection;
        else this.task.progress("Reading pictures", header.files, header.of);
      }, {signal, body}));
      if (skipped) remark(record.name, `Not sent, being no pictures: ${count(skipped)} of ${count(entries.length)} files.`);
      await refresh();
      return record.name;
    });
  }

  destroy() {
    this.ending.abort();
    this.task.cancel();
    this.release();
  }
}
