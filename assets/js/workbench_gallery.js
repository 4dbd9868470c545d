// The kernel gallery, and the matching PyTorch code.

import {KERNELS} from "./arithmetic/kernels.js";
import {pytorchLine} from "./arithmetic/pytorch_line.js";
import {icon, make} from "./dom.js";
import {miniature} from "./workbench_presets.js";
import {WORKBENCH_ICONS} from "./workbench_icons.js";

const sameWeights = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export class Gallery {
  constructor({choose}) {
    this.note = make("p", {class: "vz-muted vz-wb-gallery-note"});
    this.buttons = KERNELS.map((kernel) => make("button", {class: "vz-wb-kernel-choice", type: "button", "data-kernel": kernel.id, title: kernel.note, onclick: () => choose(kernel)},
      miniature(kernel.weights), kernel.title));
    this.element = make("section", {class: "vz-wb-gallery", "aria-label": "Kernel gallery"},
      make("h3", {}, "Kernels"), make("div", {class: "vz-wb-kernel-choices"}, ...this.buttons), this.note);
  }

  /** `possible(kernel)` says whether a kernel can be taken. */
  limit(possible) {
    this.buttons.forEach((button, index) => (button.disabled = !possible(KERNELS[index])));
  }

  /** Mark the kernel in use, if it is one of these. */
  show(weights, divisor) {
    this.element.hidden = !weights;
    if (!weights) return;
    const used = KERNELS.find((kernel) => kernel.divisor === divisor && sameWeights(kernel.weights, weights));
    this.buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(KERNELS[index] === used)));
    this.note.textContent = used?.note ?? "";
  }
}

/** Code with a copy button; `say(text)` tells what happened. */
export class Code {
  constructor({say}) {
    this.text = make("code", {});
    this.copy = make("button", {class: "vz-button", type: "button", "data-action": "copy-code", onclick: () => this.take(say)}, icon(WORKBENCH_ICONS.copy), "Copy");
    this.element = make("details", {class: "vz-wb-code", ontoggle: () => this.write()}, make("summary", {}, "The same in PyTorch"), this.copy, make("pre", {tabindex: 0}, this.text));
  }

  show(spec) {
    this.spec = spec;
    this.write();
  }

  /** Written when it is seen. */
  write() {
    if (this.element.open) this.text.textContent = pytorchLine(this.spec);
  }

  async take(say) {
    try {
      await navigator.clipboard.writeText(this.text.textContent);
      say("Code copied.");
    } catch {
      getSelection().selectAllChildren(this.text);
      say("Copying was not allowed here; the code is selected, press Ctrl or ⌘ with C.");
    }
  }
}
