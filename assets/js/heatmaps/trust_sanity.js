// The check by random weights: the same map of a network that forgets its training layer by layer.

import {make} from "../dom.js";
import {HeatPicture} from "./heat_picture.js";
import {sanityVerdict} from "./trust_measures.js";

const BLEND = {colours: "inferno", opacity: 80, even: false, threshold: 0, contour: false, smooth: true};

const number = (value) => (value === null ? "–" : value.toFixed(2).replace(/^-0\.00$/, "0.00").replace("-", "−"));

export class TrustSanity {
  constructor() {
    this.strip = make("ol", {class: "vz-tr-strip", "aria-label": "From the trained network to one with random weights"});
    this.words = make("p", {class: "vz-tr-verdict", role: "status"});
    this.element = make("div", {class: "vz-tr-sanity"}, this.strip, this.words);
    this.stages = [];
    this.pictures = [];
  }

  clear() {
    this.pictures.forEach((picture) => picture.destroy());
    [this.stages, this.pictures] = [[], []];
    this.strip.replaceChildren();
    this.words.textContent = "";
  }

  /** One stage: {step, steps, layer, correlation, similarity, zero} and its heat. */
  add(stage, {image, run, title}) {
    this.stages.push(stage);
    const picture = new HeatPicture({label: stage.layer ? `${title}, random from ${stage.layer} on` : `${title}, trained`});
    picture.element.classList.add("vz-tr-stage-picture");
    const name = stage.layer ? make("span", {class: "vz-tr-stage-name", title: stage.layer}, stage.layer) : make("span", {class: "vz-tr-stage-name"}, "trained");
    const facts = stage.zero ? "zero everywhere" : stage.layer ? `ρ ${number(stage.correlation)} · SSIM ${number(stage.similarity)}` : "the map to compare with";
    this.strip.append(make("li", {class: "vz-tr-stage"}, picture.element, name, make("span", {class: "vz-muted vz-number vz-tr-stage-facts"}, facts)));
    this.pictures.push(picture);
    picture.show({image, run, heat: stage.heat, blend: BLEND});
    this.words.textContent = sanityVerdict(this.stages, title);
  }

  destroy() {
    this.clear();
  }
}
