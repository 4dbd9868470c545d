// Buttons of time: first, back, play, forwards, last, a scrubber, speed, predict and stage.

import {icon, make} from "./dom.js";
import {WORKBENCH_ICONS} from "./workbench_icons.js";
import {SPEEDS} from "./workbench_player.js";

function button(name, label, onclick, options = {}) {
  return make("button", {class: "vz-button vz-wb-key", type: "button", "data-action": name, "aria-label": label, title: options.title ?? label, onclick},
    icon(WORKBENCH_ICONS[options.icon ?? name]), options.text ? make("span", {}, options.text) : null);
}

/** Handlers: move(by), play(), scrub(step), speed(cells), predict(), reveal(), stage(). */
export class Transport {
  constructor(handlers) {
    this.handlers = handlers;
    this.build();
  }

  build() {
    const {move, play, scrub, speed, predict, reveal, stage} = this.handlers;
    this.play = button("play", "Play", play, {title: "Play or pause (space)"});
    this.scrubber = make("input", {class: "vz-wb-scrub", type: "range", min: 0, value: 0, "aria-label": "Cell of the output", oninput: () => scrub(Number(this.scrubber.value))});
    this.place = make("output", {class: "vz-wb-place vz-number"});
    this.speed = make("select", {class: "vz-field vz-wb-speed", "aria-label": "Speed", onchange: () => speed(Number(this.speed.value))},
      ...SPEEDS.map((cells) => make("option", {value: cells, selected: cells === 2}, `${cells} a second`)));
    this.predict = button("predict", "Predict: results hidden until asked", predict, {icon: "question", text: "Predict", title: "Hide results until asked (P)"});
    this.reveal = button("reveal", "Reveal", reveal, {icon: "eye", text: "Reveal", title: "Show this result (space)"});
    this.reveal.classList.add("vz-primary");
    this.reveal.hidden = true;
    this.stage = button("workbench-stage", "Stage", stage, {icon: "stage", text: "Stage", title: "Fill the screen, digits readable from the back row (F)"});
    this.element = make("div", {class: "vz-wb-transport", role: "group", "aria-label": "Steps"},
      make("div", {class: "vz-wb-keys"},
        button("home", "First cell", () => move("first"), {title: "First cell (Home)"}),
        button("back", "Back", () => move(-1), {title: "One cell back (←)"}),
        this.play,
        button("forward", "Forwards", () => move(1), {title: "One cell forwards (→)"}),
        button("end", "Last cell", () => move("last"), {title: "Last cell (End)"})),
      this.scrubber, this.place, this.speed, this.predict, this.reveal, this.stage);
  }

  show({step, count, playing, place, predicting, hidden, staged}) {
    if (Number(this.scrubber.max) !== count - 1) this.scrubber.max = count - 1;
    if (Number(this.scrubber.value) !== step) this.scrubber.value = step;
    this.scrubber.setAttribute("aria-valuetext", place);
    if (this.place.textContent !== place) this.place.textContent = place;
    if (this.playing !== playing) {
      this.playing = playing;
      this.play.replaceChildren(icon(WORKBENCH_ICONS[playing ? "pause" : "play"]));
      this.play.setAttribute("aria-label", playing ? "Pause" : "Play");
    }
    this.predict.setAttribute("aria-pressed", String(predicting));
    this.stage.setAttribute("aria-pressed", String(staged));
    this.reveal.hidden = !hidden;
  }
}
