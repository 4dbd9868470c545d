// How a picture that is not square is fitted to the network's square input.

import {make} from "./dom.js";
import {changedView} from "./view.js";

const CHOICES = {
  crop: ["Centre crop", "Shrink to the shorter side and cut the centre out: the network’s own preprocessing"],
  fit: ["Fit", "Show the whole picture, with a border in the mean colour"],
  stretch: ["Stretch", "Show the whole picture, squeezed to the input’s shape"],
};

/** A row of radio buttons; `draw(state)` follows the workspace. */
export function framingControl({store}) {
  const radios = {};
  const group = make("fieldset", {class: "vz-segments"}, make("legend", {class: "vz-unseen"}, "Framing"));
  for (const [name, [text, title]] of Object.entries(CHOICES)) {
    radios[name] = make("input", {
      type: "radio",
      name: "vz-framing",
      value: name,
      class: "vz-unseen",
      onchange: () => store.set(changedView(store.get(), {framing: name})),
    });
    group.append(make("label", {class: "vz-segment", title}, radios[name], make("span", {}, text)));
  }
  return {
    element: group,
    draw(state) {
      for (const [name, radio] of Object.entries(radios)) radio.checked = name === state.framing;
    },
  };
}
