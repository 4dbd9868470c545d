// Where the visitor's own picture lands on a finished map, again whenever it changes.

import {address, getJSON} from "../api.js";
import {make} from "../dom.js";
import {percent} from "./map_words.js";

const WATCHED = ["picture", "framing", "run"];

/** "Taken for 3 (98.2 %); nearest: 3, 3, 3 …" */
export function landingText({top, neighbours, time_ms: time}, data) {
  const labels = neighbours.map(({position}) => data.labelOf(position)).filter((label) => label !== null);
  const counts = new Map();
  labels.forEach((label) => counts.set(label, (counts.get(label) ?? 0) + 1));
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  const near = most ? ` ${most[1]} of its ${neighbours.length} nearest are ${most[0]}.` : "";
  return `Your picture is taken for ${top[0].label} (${percent(top[0].probability)}).${near} Placed in ${time.toFixed(1)} ms.`;
}

function loaded(source) {
  const image = new Image();
  image.src = source;
  return image.decode().then(() => image, () => null);
}

export class MapMine {
  constructor({workspace, source, onChange}) {
    Object.assign(this, {workspace, source, onChange, on: false, landing: null, image: null, data: null, asking: null});
    this.button = make("button", {type: "button", class: "vz-button", id: "vz-mp-mine", "aria-pressed": "false", disabled: true, title: "Put the picture of the workspace onto this map", onclick: () => this.toggle()}, "Where does mine land?");
    this.words = make("p", {class: "vz-mp-landing", id: "vz-mp-landing", role: "status"});
    this.release = workspace.subscribe((_, keys) => this.on && keys.some((key) => WATCHED.includes(key)) && this.place());
  }

  /** Another map; nothing lands on one that is still growing. */
  follow(data) {
    this.data = data?.settled ? data : null;
    this.button.disabled = !this.data;
    this.landing = null;
    if (this.data && this.on) this.place();
    else this.words.textContent = "";
  }

  toggle() {
    this.on = !this.on;
    this.button.setAttribute("aria-pressed", String(this.on));
    if (this.on) this.place();
    else this.put(null, "");
  }

  async place() {
    const {data} = this;
    const view = data && this.source.get() ? this.source.view() : null;
    if (!view?.picture) return;
    this.asking?.abort();
    const own = new AbortController();
    this.asking = own;
    try {
      const [answer, image] = await Promise.all([
        getJSON("embedding/place", {...view, map: data.settled.map}, {signal: own.signal}),
        loaded(address(`pictures/${encodeURIComponent(view.picture)}`))]);
      if (own.signal.aborted || data !== this.data) return;
      this.image = image;
      this.put(answer, landingText(answer, data));
    } catch (error) {
      if (error.name !== "AbortError" && !own.signal.aborted) this.put(null, error.message);
    }
  }

  put(landing, sentence) {
    this.landing = landing;
    this.words.textContent = sentence;
    this.onChange();
  }

  /** What the canvas draws; null while there is nothing. */
  scene(camera) {
    if (!this.landing || camera.dimensions !== this.landing.xy.length) return null;
    const at = new Float32Array(2);
    camera.project(Float32Array.from(this.landing.xy), at);
    return {at: [at[0], at[1]], neighbours: this.landing.neighbours.map(({position}) => position), image: this.image};
  }

  destroy() {
    this.asking?.abort();
    this.release();
  }
}
