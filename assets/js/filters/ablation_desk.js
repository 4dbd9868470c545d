// What the view of switched-off channels asks the server; only the newest answer of each kind counts.

import {newestOnly} from "../answers.js";
import {getArrays, getJSON, postFrames} from "../api.js";
import {channelMaps} from "../channel_maps.js";
import {viewParameters} from "../store.js";
import {asVisitor} from "../visitor.js";
import {channelsParameter} from "./ablation_words.js";

export class AblationDesk {
  constructor(workspace) {
    this.workspace = workspace;
    this.runs = Object.fromEntries(["maps", "predict", "reach", "changed", "measure"].map((name) => [name, newestOnly()]));
  }

  cancel() {
    Object.values(this.runs).forEach((run) => run.cancel());
  }

  parameters(layer, off, count) {
    const {target} = this.workspace.get();
    return {...viewParameters(this.workspace.get()), layer, ...(off ? {channels: channelsParameter(off, count)} : {}), ...(target === null ? {} : {target})};
  }

  maps(layer) {
    return this.runs.maps.run(async (signal) => channelMaps(await getArrays("maps", {...viewParameters(this.workspace.get()), layer}, {signal})));
  }

  predict(layer, off, count) {
    return this.runs.predict.run((signal) => getJSON("ablation", this.parameters(layer, off, count), {signal}));
  }

  reach(layer, off, count) {
    return this.runs.reach.run((signal) => getJSON("ablation/reach", this.parameters(layer, off, count), {signal}));
  }

  changed(layer, off, count, shown) {
    return this.runs.changed.run((signal) => getArrays("ablation/maps", {...this.parameters(layer, off, count), shown}, {signal}));
  }

  /** Every channel's importance; `onFalls(falls, header)` as it grows. */
  measure(layer, onFalls) {
    const parameters = this.parameters(layer);
    return this.runs.measure.run((signal) => asVisitor(() => postFrames("ablation/importance", parameters, ({header, arrays}) => onFalls(arrays.falls, header), {signal})));
  }
}
