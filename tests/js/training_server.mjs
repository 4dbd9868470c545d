// A server of trainings for tests: as the page's desk asks it, without a network.

const parameter = (name, low, high, usual, more = {}) => ({name, title: name, low, high, default: usual, step: 1, flag: false, counts_classes: false, leading: false, ...more});
const kind = (name, family, ...parameters) => ({name, title: name, sentence: "", family, parameters});

const USUAL = {epochs: 10, rate: 0.003, batch: 32, optimiser: "adamw", schedule: "one-cycle", shuffled: false, augment: null};

export const MENU = {
  networks: [{name: "lenet5", title: "LeNet-5", stack: "conv(6,5,padding=2);relu;maxpool(2);flatten;linear(classes)", side: 28, sentence: "", source: ""},
    {name: "mlp", title: "Multilayer perceptron", stack: "flatten;linear(64);relu;linear(classes)", side: 28, sentence: "", source: ""}],
  kinds: [
    kind("conv", "Convolutions", parameter("channels", 1, 512, 16, {leading: true}), parameter("kernel", 1, 11, 3, {leading: true}), parameter("stride", 1, 4, 1), parameter("padding", 0, 5, 0), parameter("bias", 0, 1, 1, {flag: true})),
    kind("relu", ""), kind("maxpool", "", parameter("kernel", 2, 8, 2, {leading: true}), parameter("stride", 0, 8, 0)),
    kind("flatten", "Fully connected"), kind("linear", "Fully connected", parameter("units", 1, 4096, "classes", {leading: true, counts_classes: true})),
  ],
  data: [{name: "digits", title: "Digits", count: 1797, training: 1294, classes: 10, side: 8, channels: 1, ready: true, sentence: ""}],
  rates: {lenet5: {recipe: {adamw: 0.003, sgd: 0.1}, digits: {adamw: 0.003, sgd: 0.15}}, mlp: {recipe: {adamw: 0.003, sgd: 0.1}, digits: {adamw: 0.001, sgd: 0.1}}},
  optimisers: [{name: "adamw", title: "AdamW"}, {name: "sgd", title: "SGD"}],
  schedules: [{name: "one-cycle", title: "One cycle"}, {name: "constant", title: "Constant"}],
  ranges: {epochs: {title: "Epochs", low: 1, high: 60, default: 10}, rate: {title: "Learning rate", low: 1e-5, high: 10, default: 0.003}},
  defaults: {lenet5: {recipe: {...USUAL, epochs: 5}, digits: USUAL}, mlp: {recipe: USUAL, digits: {...USUAL, rate: 0.001}}},
};

const EACH = 5; // steps of an epoch
const abort = () => Object.assign(new Error("aborted"), {name: "AbortError"});

/** `calls` tells what was asked; `gate(step)` may wait before a step, `refuse` is thrown by the next call. */
export class FakeServer {
  constructor({epochs = 3, gate = () => null} = {}) {
    Object.assign(this, {epochs, gate, calls: [], refuse: null, step: 0, count: 0});
  }

  asked(name, ...more) {
    this.calls.push([name, ...more]);
    const {refuse} = this;
    this.refuse = null;
    if (refuse) throw refuse;
  }

  async menu() {
    this.asked("menu");
    return MENU;
  }

  async stack(question) {
    this.asked("stack", question);
    const misfit = (question.stack ?? "").includes("conv(6,99)");
    return {rows: [{place: 0, kind: "conv", text: "conv(6,5)", output_shape: misfit ? null : [6, 28, 28], parameters: 156, macs: 1000, error: misfit ? "does not fit" : null}], totals: {parameters: 156, macs: 1000}};
  }

  async time(question) {
    this.asked("time", question);
    return {step_s: 0.05, picture_s: 0.001, training: 1294, validated: 100, others: 0};
  }

  get steps() {
    return this.epochs * EACH;
  }

  header() {
    const moments = Array.from({length: Math.floor(this.step / EACH) + 1}, (_, moment) => this.momentAt(moment));
    return {training: this.handle, title: "LeNet-5, digits", layers: [{name: "0", filters: true}, {name: "3", filters: true}], steps: this.steps, steps_per_epoch: EACH,
      step: this.step, epoch: Math.floor(this.step / EACH), epochs: this.epochs, moments, ended: this.step === this.steps, why: null};
  }

  momentAt(moment) {
    return {moment, epoch: moment, step: moment * EACH, loss: 2 - moment / 10, accuracy: moment / 10};
  }

  arrays(from = 0) {
    const steps = Int32Array.from({length: this.step - from}, (_, at) => from + at + 1);
    return {steps, losses: Float32Array.from(steps, (step) => 1 / step), accuracies: Float32Array.from(steps, (step) => step / 100), rates: Float32Array.from(steps, () => 0.003)};
  }

  async open(question) {
    this.asked("open", question);
    this.count += 1;
    this.handle = `${this.count}`.padStart(32, "0");
    this.step = 0;
    return {header: this.header(), arrays: {...this.arrays(), labels: Uint8Array.of(1, 2, 3)}};
  }

  async state(handle) {
    this.asked("state", handle);
    return {header: this.header(), arrays: {...this.arrays(), labels: Uint8Array.of(1, 2, 3)}};
  }

  async pause(handle) {
    this.asked("pause", handle);
    return {header: this.header(), arrays: {...this.arrays(), labels: Uint8Array.of(1, 2, 3)}};
  }

  async run(handle, question, onFrame, signal) {
    this.asked("run", handle, question);
    const end = Math.min(this.steps, question.steps ? this.step + question.steps : this.steps);
    while (this.step < end) {
      await this.gate(this.step);
      await null;
      if (signal.aborted) throw abort();
      this.step += 1;
      const whole = this.step % EACH === 0;
      const moment = whole ? this.step / EACH : null;
      const {loss, accuracy, epoch, step} = whole ? this.momentAt(moment) : {};
      onFrame({
        header: {step: this.step, epoch: Math.floor(this.step / EACH), loss: 1, accuracy: 0.5, rate: 0.003, left_s: 1, per_s: 100, validation: whole ? {step, epoch, loss, accuracy} : null,
          moment, ended: this.step === this.steps, why: null},
        arrays: {...this.arrays(this.step - 1), ...(whole ? this.display(moment, question).arrays : {})},
      });
    }
  }

  display(moment, {layer, example}) {
    const answers = {predicted: Uint8Array.of(1, 2, 3), loss_each: Float32Array.of(0, 0, 0), features: Uint8Array.of(0)};
    return {header: {moment}, arrays: {filters: Float32Array.of(moment), maps: Uint8Array.of(example), layer, ...answers}};
  }

  async moment(handle, question) {
    this.asked("moment", handle, question);
    return this.display(question.moment, question);
  }

  async pictures(handle, indices) {
    this.asked("pictures", handle, indices);
    return {header: {arrays: {pictures: {shape: [indices.length, 1, 2, 1]}}}, arrays: {pictures: Uint8Array.from(indices.flatMap((index) => [index, index + 100]))}};
  }

  download(handle, {as, moment}) {
    return `/vz/training/${handle}/download?as=${as}&moment=${moment}`;
  }
}
