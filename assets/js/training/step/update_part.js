// The update: the chosen weight's old value, the optimiser's numbers, and its new value, foretold before it is shown.

import {make} from "../../dom.js";
import {SOURCES, optimiserTitle} from "./step_words.js";
import {updateLines} from "./update_digits.js";

const SETTINGS = {rate: "rate", weight_decay: "weight decay λ", momentum: "momentum μ", eps: "ε"};
const GUESSES = [["grows", "It grows", 1], ["shrinks", "It shrinks", -1]];

const tidy = (number) => String(Number(number.toPrecision(7))).replace("-", "−");

/** What the weight does: 1, −1, or 0 where float32 leaves it as it was. */
export const direction = ({old, new: after}) => Math.sign(after - old);

/** Whether a guess was right, as a sentence. */
export function verdictText(guess, update, {old, new: after}) {
  const moved = direction(update);
  const does = moved === 0 ? "stays exactly as it was" : moved > 0 ? `grows from ${old} to ${after}` : `shrinks from ${old} to ${after}`;
  if (guess === null) return `It ${does}.`;
  return `${guess === moved ? "Right" : "No"}: it ${does}.`;
}

export class UpdatePart {
  constructor(clerk) {
    this.clerk = clerk;
    this.facts = make("p", {});
    this.ask = make("div", {class: "vz-ts-guess"});
    this.verdict = make("p", {class: "vz-ts-verdict", "aria-live": "polite"});
    this.table = make("ol", {class: "vz-ts-lines"});
    this.notes = make("p", {class: "vz-muted vz-ts-source"});
    this.element = make("div", {class: "vz-ts-stack"}, this.facts, this.ask, this.verdict, this.table, this.notes);
    this.revealed = false;
    this.open = false;
  }

  update(keys) {
    if (keys.includes("step")) this.describe();
    if (keys.includes("choice") || keys.includes("step")) this.revealed = this.open;
    if (keys.includes("choice") || keys.includes("weight") || keys.includes("step")) this.draw();
  }

  describe() {
    const {optimiser, schedule} = this.clerk.step.header;
    const words = Object.entries(SETTINGS).filter(([key]) => optimiser[key] !== undefined && !(key === "weight_decay" && optimiser[key] === 0)).map(([key, name]) => `${name} ${tidy(optimiser[key])}`);
    if (optimiser.betas) words.push(`β₁ ${tidy(optimiser.betas[0])}`, `β₂ ${tidy(optimiser.betas[1])}`);
    const paced = schedule === "constant" ? "" : ` The ${schedule} schedule sets the rate anew for every step.`;
    this.facts.textContent = `${optimiserTitle(optimiser)}: ${words.join(", ")}.${paced}`;
    this.notes.textContent = `${SOURCES[optimiser.name] ?? ""} Weight, gradient and running means are shown with all nine digits of a float32; what follows from them with seven.`;
  }

  draw() {
    const {weight, choice} = this.clerk;
    const ready = weight && weight.name === choice.weight.name && String(weight.index) === String(choice.weight.index);
    this.table.hidden = !ready;
    if (!ready) {
      this.ask.replaceChildren();
      this.verdict.textContent = "";
      return;
    }
    const layout = updateLines(weight.update);
    const gradient = `gradient ${layout.gradient}${layout.unit ? ` ${layout.unit}` : ""}`;
    this.ask.replaceChildren(...(this.revealed ? [] : [
      make("p", {}, "The weight is ", make("strong", {class: "vz-number"}, layout.old), `, its ${gradient}. What will the step do to it?`),
      ...GUESSES.map(([name, title, sign]) => make("button", {type: "button", class: "vz-button", "data-guess": name, onclick: () => this.reveal(sign)}, title)),
      make("button", {type: "button", class: "vz-button vz-quiet", onclick: () => this.reveal(null)}, "Just show it"),
    ]));
    if (this.revealed && this.open) {
      this.ask.replaceChildren(make("p", {}, "The weight was ", make("strong", {class: "vz-number"}, layout.old), `, its ${gradient}.`),
        make("button", {type: "button", class: "vz-button vz-quiet", onclick: () => this.hide()}, "Hide new values"));
    }
    this.verdict.textContent = this.revealed ? verdictText(this.guess ?? null, weight.update, layout) : "";
    this.guess = null;
    this.table.replaceChildren(...layout.lines.map((line) => this.line(line)));
  }

  line({key, name, formula, numbers, result, float, unit}) {
    const hidden = !this.revealed && ["step", "new"].includes(key);
    const shown = make("output", {class: "vz-eq-result vz-number"}, hidden ? "?" : float ?? result);
    const rounded = float && !hidden ? make("span", {class: "vz-muted vz-number"}, `${result}, in float32 `) : "";
    return make("li", {class: `vz-ts-line${key === "new" ? " vz-ts-new" : ""}`, "data-line": key},
      make("span", {class: "vz-ts-name"}, name), make("span", {class: "vz-ts-formula"}, formula),
      make("span", {class: "vz-ts-numbers vz-number"}, hidden && key === "new" ? "= " : `${numbers} = `, rounded, shown, unit ? ` ${unit}` : ""));
  }

  reveal(guess) {
    Object.assign(this, {revealed: true, guess, open: guess === null});
    this.draw();
  }

  hide() {
    Object.assign(this, {revealed: false, open: false});
    this.draw();
  }
}
