// What the weights' view asks the server: sheets, single filters, orders, checkpoints; the last ones are kept.

import {Recent, newestOnly} from "../answers.js";
import {getArrays} from "../api.js";
import {filterSheet} from "./sheet.js";

/** The address's parameters for a layer's weights; `twin` means the other kind, trained or not. */
export function weightsParameters({net, weights}, layer, twin = false) {
  const untrained = twin ? !weights : Boolean(weights);
  return {net, layer, ...(untrained ? {weights: "untrained"} : {})};
}

/** Each method answers `{value}` or `{error}`, or null where something newer was asked. */
export class WeightsLoader {
  constructor() {
    this.kept = new Recent(32);
    this.runs = Object.fromEntries(["filters", "twin", "kernel", "pointed", "order", "checkpoints"].map((name) => [name, newestOnly()]));
  }

  cancel() {
    Object.values(this.runs).forEach((run) => run.cancel());
  }

  async ask(run, path, parameters, read = (answer) => answer) {
    const key = `${path} ${JSON.stringify(parameters)}`;
    const kept = this.kept.get(key);
    if (kept) {
      this.runs[run].cancel();
      return {value: kept};
    }
    const answer = await this.runs[run].run(async (signal) => read(await getArrays(path, parameters, {signal})));
    if (answer?.value) this.kept.set(key, answer.value);
    return answer;
  }

  sheet(parameters, twin = false) {
    return this.ask(twin ? "twin" : "filters", "filters", parameters, filterSheet);
  }

  kernel(parameters, channel, pointed = false) {
    return this.ask(pointed ? "pointed" : "kernel", "filters/kernel", {...parameters, channel}, ({arrays}) => arrays);
  }

  order(parameters) {
    return this.ask("order", "filters/order", parameters, ({arrays}) => arrays.order);
  }

  checkpoints(parameters) {
    return this.ask("checkpoints", "filters/checkpoints", parameters, ({header, arrays}) => ({...arrays, split: header.split ?? "test"}));
  }
}
