// One optimised picture (or several) large, beside the curve of its objective and the numbers that it reached.

import {icon, make} from "../dom.js";
import {ICONS} from "../icons.js";
import {drawCurve} from "./pattern_curve.js";
import {pictureName} from "./pattern_gallery.js";
import {best, comparison, measure, progressText, pythonLine} from "./pattern_words.js";

const EMPTY = "Choose what is to be driven and press “Grow the pattern”. It takes a few seconds; you can watch.";

/** The last number of every line, or what the finished pictures reached. */
export const nowOf = ({lines, reached}) => reached ?? lines.map((line) => line.at(-1) ?? null);

export class PatternFigure {
  constructor() {
    this.piece = null;
    this.drawn = 0;
    this.build();
    this.observer = new ResizeObserver(() => this.drawLine());
    this.observer.observe(this.curveBox);
  }

  build() {
    this.title = make("h3", {class: "vz-fp-title"});
    this.pictures = make("div", {class: "vz-fp-pictures"});
    this.bar = make("progress", {class: "vz-fp-bar", max: 1, "aria-label": "Steps taken"});
    this.status = make("p", {class: "vz-fp-status vz-muted vz-number"});
    this.curve = make("canvas", {class: "vz-fp-curve", role: "img"});
    this.curveBox = make("div", {class: "vz-fp-curve-box"}, this.curve);
    this.measure = make("p", {class: "vz-control-name"});
    this.numbers = make("dl", {class: "vz-fp-numbers vz-number"});
    this.python = make("code", {class: "vz-fp-python"});
    this.copy = make("button", {type: "button", class: "vz-button", onclick: () => this.copyLine()}, "Copy Python");
    this.files = make("p", {class: "vz-fp-files"});
    this.facts = make("div", {class: "vz-fp-facts"}, this.title, this.measure, this.curveBox, this.numbers, this.files,
      make("div", {class: "vz-fp-line"}, this.python, this.copy));
    this.stage = make("div", {class: "vz-fp-stage"}, this.pictures, this.bar, this.status);
    this.empty = make("p", {class: "vz-fp-empty vz-muted"}, EMPTY);
    this.main = make("div", {class: "vz-fp-main", hidden: true}, this.stage, this.facts);
    this.element = make("section", {class: "vz-fp-figure", "aria-label": "The pattern"}, this.empty, this.main);
  }

  show(piece) {
    this.piece = piece;
    this.drawn += 1;
    this.empty.hidden = true;
    this.main.hidden = false;
    const {asked, title} = piece;
    this.title.textContent = `${asked.negative ? "Against " : ""}${title}`.replace(/^./, (letter) => letter.toUpperCase());
    this.measure.textContent = `${measure(asked)}, at a slightly different view each step`;
    this.canvases = Array.from({length: asked.count}, (_, index) =>
      make("canvas", {class: "vz-fp-picture", width: 1, height: 1, role: "img", "aria-label": `Pattern ${index + 1} of ${asked.count} for ${title}`}));
    this.pictures.className = `vz-fp-pictures vz-fp-pictures-${asked.count}`;
    this.pictures.replaceChildren(...this.canvases);
    this.python.textContent = pythonLine(asked, piece);
    this.copy.textContent = "Copy Python";
    this.update(true);
  }

  /** Draw what is new; the pictures themselves only where there are new ones. */
  update(pictures) {
    const {piece} = this;
    const over = piece.reached !== null || piece.stopped;
    this.bar.value = piece.step / piece.steps;
    this.bar.hidden = over;
    this.status.textContent = piece.stopped && !piece.reached ? `Stopped at step ${piece.step} of ${piece.steps}` : progressText(piece);
    this.drawLine();
    this.drawNumbers();
    if (pictures) this.paint();
  }

  draw() {
    if (this.piece) this.update(true);
  }

  async paint() {
    const {piece, canvases} = this;
    const own = (this.drawn += 1);
    const bitmaps = await Promise.all(piece.files.map((file) => createImageBitmap(file)));
    if (own !== this.drawn) return; // newer ones are on their way
    bitmaps.forEach((bitmap, index) => {
      const canvas = canvases[index];
      canvas.classList.toggle("vz-fp-small", piece.small);
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
      canvas.getContext("2d").drawImage(bitmap, 0, 0);
      bitmap.close();
    });
  }

  /** What real pictures reach, as lines across the curve. */
  marks() {
    const {strongest, asked, picture} = this.piece;
    const found = [];
    const same = strongest && strongest.value !== null && strongest.value === picture;
    const which = `${asked.negative ? "lowest" : "highest"} sample`;
    if (same) found.push({name: `your picture, the ${which}`, value: picture});
    else if (strongest && strongest.value !== null) found.push({name: `${which}: ${strongest.title}`, value: strongest.value});
    if (picture !== null && !same) found.push({name: "your picture", value: picture});
    return found;
  }

  drawLine() {
    if (!this.piece || this.curveBox.clientWidth === 0) return;
    const {lines, steps} = this.piece;
    drawCurve(this.curve, {width: this.curveBox.clientWidth, height: this.curveBox.clientHeight}, {lines, steps, marks: this.marks()});
    this.curve.setAttribute("aria-label", `The ${measure(this.piece.asked)} over ${lines[0].length} steps`);
  }

  drawNumbers() {
    const {piece} = this;
    const {negative} = piece.asked;
    const rows = comparison({...piece, now: best(nowOf(piece), negative), start: piece.start && best(piece.start, negative)});
    this.numbers.replaceChildren(...rows.map(({name, value}) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
    this.files.replaceChildren(...piece.urls.map((url, index) =>
      make("a", {class: "vz-button", href: url, download: pictureName(piece).replace(".png", index ? `_${index + 1}.png` : ".png")}, icon(ICONS.download), piece.urls.length > 1 ? `PNG ${index + 1}` : "PNG")));
    this.files.hidden = piece.urls.length === 0;
  }

  async copyLine() {
    try {
      await navigator.clipboard.writeText(`import visualizer as vz\n${this.python.textContent}`);
      this.copy.textContent = "Copied";
    } catch {
      this.copy.textContent = "Select the line to copy it";
    }
  }

  destroy() {
    this.observer.disconnect();
    this.drawn += 1;
  }
}
