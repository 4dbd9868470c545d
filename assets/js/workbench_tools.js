// Painting the input, and filling it at once.

import {decimal} from "./arithmetic/decimal.js";
import {icon, make} from "./dom.js";
import {readNumber} from "./workbench_bench.js";
import {WORKBENCH_ICONS} from "./workbench_icons.js";

const whole = (number) => decimal(BigInt(number));

export class Tools {
  /** `fill((channel, row, column) => Decimal)`; `changed()` after the brush was taken or put away. */
  constructor({fill, changed}) {
    this.painting = false;
    this.value = whole(9);
    this.brush = make("button", {class: "vz-button", type: "button", "data-action": "paint", "aria-pressed": "false", title: "Drag over the input to paint this value", onclick: () => {
      this.painting = !this.painting;
      this.brush.setAttribute("aria-pressed", String(this.painting));
      changed();
    }}, icon(WORKBENCH_ICONS.brush), "Paint the input with");
    this.field = make("input", {class: "vz-field vz-wb-brush vz-number", type: "text", inputmode: "decimal", value: "9", "aria-label": "Value to paint", "data-control": "brush", maxlength: 12, oninput: () => this.read()});
    this.message = make("span", {class: "vz-wb-refusal", role: "alert", hidden: true});
    const fillButton = (name, text, value, picture = null) => make("button", {class: "vz-button vz-quiet", type: "button", "data-action": name, onclick: () => fill(value)}, picture, text);
    this.element = make("div", {class: "vz-wb-tools", role: "group", "aria-label": "Input"}, make("span", {class: "vz-wb-with"}, this.brush, this.field, this.message),
      fillButton("random", "Random digits", () => whole(Math.floor(10 * Math.random())), icon(WORKBENCH_ICONS.dice)),
      fillButton("zeros", "All zeros", () => whole(0)));
  }

  /** A bad text keeps the last good value and says so at the field. */
  read() {
    const answer = readNumber(this.field.value);
    this.message.hidden = answer.ok;
    this.message.textContent = answer.ok ? "" : answer.message;
    this.field.setAttribute("aria-invalid", String(!answer.ok));
    if (answer.ok) this.value = answer.value;
  }
}
