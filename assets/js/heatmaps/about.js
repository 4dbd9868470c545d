// What a method does: one sentence, its formula, its paper, and the Python lines that reproduce the map.

import {copyButton} from "../copy_button.js";
import {make} from "../dom.js";
import {pythonLines} from "./heat_sentences.js";
import {readsLayer} from "./heat_desk.js";

/** A formula, its symbols kept together where lines break. */
export const formulaNode = (text) => make("p", {class: "vz-he-formula"}, text);

/** Lines of code with a button that copies them. */
function createLines() {
  const code = make("code");
  const lines = make("pre", {class: "vz-python", id: "vz-he-python", tabindex: "0", "aria-label": "Python lines"}, code);
  return {element: make("div", {class: "vz-he-code"}, lines, copyButton(code, {id: "vz-he-copy"})), show: (text) => (code.textContent = text)};
}

/** `{element, show({method, heat, state})}`. */
export function createAbout() {
  const sentence = make("p", {class: "vz-he-sentence"});
  const formula = formulaNode("");
  const paper = make("p", {class: "vz-he-paper vz-muted"});
  const lines = createLines();
  const python = make("details", {class: "vz-he-fold"}, make("summary", {}, "In Python"), lines.element);
  const element = make("section", {class: "vz-he-about", "aria-label": "The method"}, sentence, formula, paper, python);
  return {
    element,
    show({method, heat, state}) {
      sentence.textContent = method.sentence;
      formula.textContent = method.formula;
      formula.hidden = !method.formula;
      paper.textContent = method.paper;
      python.hidden = !heat;
      if (heat) lines.show(pythonLines(state, method, heat, readsLayer(method)));
    },
  };
}
