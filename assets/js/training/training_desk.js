// The clerk of the training panel: one training of the visitor's, its history, what it looks like now and looked like before.
//
// Views read `menu`, `setup`, `rows`, `totals`, `status`, `error`, `info`, `labels`, `handle`, `history`, `live`, `shown`,
// `moment`, `layer`, `example`, and hear of changes by `onChange((keys) => …)` with "menu" "setup" "rows" "status" "opened"
// "frame" "shown" "moment" "settled" "error". Whose filters and maps are shown is the panel state's `layer`, `example` and `own`.

import {emptyHistory, grow, historyOf, newerInfo} from "./history.js";
import {Looking} from "./looking.js";
import {SetupClerk} from "./setup_clerk.js";
import {Showing} from "./showing.js";
import {inStretches} from "./stretches.js";
import {Telling} from "./telling.js";
import {SERVER} from "./training_server.js";
import {count} from "./tr_says.js";

const GONE = [404, 410];
const GONE_SENTENCE = "This training is no longer on the server: the page was left for a while, or others needed the room. Start it again; the same seed gives the same weights.";

const stoppedWords = ({step, steps}) => `Stopped at step ${count(step)} of ${count(steps)}; the network stays as it is.`;

export class TrainingDesk extends Telling {
  /** `state`: the panel's own; `say(sentences)` tells what was adjusted; `server` as training_server.js. */
  constructor({workspace, state, say = () => {}, server = SERVER}) {
    super();
    Object.assign(this, {workspace, state, server, status: "idle", error: null, speed: null, controller: null, streaming: null, opened: null, showing: null, settling: null});
    this.clerk = new SetupClerk({state, server, say, tell: (...keys) => this.tell(...keys)});
    this.looking = new Looking({state, workspace, training: () => ({layers: this.info?.layers ?? [], count: this.labels?.length ?? 0})});
    this.forget();
    this.release = this.looking.onChange(() => this.lookElsewhere());
  }

  get menu() { return this.clerk.menu; }
  get setup() { return this.clerk.setup; }
  get rows() { return this.clerk.rows; }
  get totals() { return this.clerk.totals; }
  get misfit() { return this.clerk.misfit; }
  get live() { return this.showing?.live ?? null; }
  get shown() { return this.showing?.shown ?? null; }
  get moment() { return this.showing?.moment ?? null; }

  /** Whether the training broke down: the network is the last one kept. */
  get failed() {
    return this.ended && Boolean(this.info?.why);
  }

  /** Whether the setup on screen is another than that of the training at hand. */
  get stale() {
    return Boolean(this.handle && this.setup) && JSON.stringify(this.clerk.question) !== this.opened;
  }

  /** Change part of the setup, e.g. `{network: "mlp", stack: null, recipe: {epochs: 5, rate: null}}`; null: as usual. */
  choose(patch) { this.clerk.choose(patch); }

  /** Whether the panel is in front: the menu is asked for when it is first seen; what runs goes on behind. */
  async active(front) {
    if (front && !this.menu) await this.load();
  }

  /** Have the menu; `again`: fetch it anew, since a download has made something ready. */
  async load({again = false} = {}) {
    try {
      await this.clerk.load({again});
      if (this.status === "idle") this.set("idle");
    } catch (error) {
      this.fail(error);
    }
    return Boolean(this.menu);
  }

  forget() {
    this.showing?.end();
    Object.assign(this, {handle: null, info: null, labels: null, history: emptyHistory(), showing: null, ended: false, stopped: false, why: null});
  }

  set(status, error = null) {
    const keys = [...(status === this.status ? [] : ["status"]), ...(error === this.error ? [] : ["error"])];
    Object.assign(this, {status, error});
    if (keys.length) this.tell(...keys);
  }

  fail(error) {
    if (error.name === "AbortError") return;
    const gone = Boolean(this.handle) && GONE.includes(error.status);
    if (gone) this.forget();
    if (this.handle) this.set(this.ended ? "ended" : "paused", error.message);
    else this.set(this.menu ? "failed" : "idle", gone ? GONE_SENTENCE : error.message);
    if (gone) this.tell("opened", "frame", "moment", "shown");
  }

  /** Start what is set up, or go on with what was paused. */
  async start() {
    if (this.status === "running" || this.status === "opening") return;
    if (!this.handle || this.ended || this.stale) await this.restart();
    else await this.run();
  }

  resume() { return this.start(); }
  /** Begin what is set up from its first step. */
  async restart() {
    if (await this.open()) await this.run();
  }

  /** Have what is set up ready at step 0; false where that failed. */
  async open() {
    this.halt();
    const mine = (this.controller = new AbortController());
    this.set("opening");
    if (!(await this.load()) || mine.signal.aborted) return false;
    const {question} = this.clerk;
    try {
      const answer = await this.server.open(question, mine.signal);
      if (mine !== this.controller) return false;
      this.forget();
      this.take(answer);
      this.opened = JSON.stringify(question);
      this.showing = new Showing({server: this.server, handle: this.handle, look: () => this.looking.question,
        tell: (...keys) => this.tell(...keys), fail: (error) => this.fail(error)});
      this.tell("opened", "frame", "moment", "shown");
      await this.showing.present(this.now); // something to look at before the first step
      if (mine !== this.controller) return false;
      this.set("paused");
      return true;
    } catch (error) {
      if (mine === this.controller) this.fail(error);
      return false;
    }
  }

  /** What the header of a training tells. */
  take({header, arrays}) {
    Object.assign(this, {info: header, handle: header.training, history: historyOf({header, arrays}), ended: this.stopped || Boolean(header.ended), why: header.why ?? null});
    if (this.stopped) this.why ??= stoppedWords(header);
    if (arrays.labels) this.labels = arrays.labels;
  }

  /** Train on, `steps` of them or to the end. */
  async run(steps = Infinity) {
    this.halt();
    const mine = (this.controller = new AbortController());
    this.set("running");
    await this.settling; // else the pause would end this run, too
    try {
      await inStretches(steps, {
        speed: () => this.speed, stretch: (some) => this.stream(some, mine), taken: () => this.history.steps.length,
        over: () => this.ended || mine !== this.controller, signal: mine.signal,
      });
      if (mine === this.controller) this.set(this.ended ? "ended" : "paused");
    } catch (error) {
      if (mine === this.controller) this.fail(error);
    }
  }

  /** One stretch of steps; false where it was cut short because speed, layer or example changed. */
  async stream(steps, mine) {
    const streaming = (this.streaming = new AbortController());
    mine.signal.addEventListener("abort", () => streaming.abort(), {once: true});
    this.seen = this.sight;
    try {
      await this.server.run(this.handle, {steps: Number.isFinite(steps) ? steps : null, ...this.looking.question}, (frame) => mine === this.controller && this.arrived(frame), streaming.signal);
      return true;
    } catch (error) {
      if (error.name !== "AbortError" || mine.signal.aborted) throw error;
      return false;
    }
  }

  arrived(frame) {
    const {header} = frame;
    if (!grow(this.history, frame)) this.sync();
    this.info = newerInfo(this.info, header);
    this.ended = Boolean(header.ended);
    this.why = header.why ?? this.why;
    this.showing.arrived(frame);
    this.tell(...(Number.isInteger(header.moment) ? ["frame", "moment"] : ["frame"]));
  }

  /** Ask how far the training has come: steps that the page has not heard of; `pause`: once it stands still. */
  async sync(how = "state") {
    const {handle} = this;
    if (this.syncing === handle && how === "state") return;
    this.syncing = handle;
    try {
      const answer = await this.server[how](handle);
      if (handle !== this.handle) return;
      if ((answer.arrays.steps?.length ?? 0) >= this.history.steps.length) this.take(answer);
      if (this.ended && this.status === "paused") this.set("ended");
      this.tell("frame", "moment");
    } catch (error) {
      if (handle === this.handle) this.fail(error);
    } finally {
      this.syncing = null;
    }
  }

  halt() {
    this.controller?.abort();
    this.controller = null;
  }

  pause() {
    if (this.status !== "running" && this.status !== "opening") return;
    this.halt();
    if (this.handle) this.settling = this.settle();
    this.set(this.handle ? "paused" : "idle");
  }

  /** Have it stand still: how far it has come, and then what it looks like there. */
  async settle() {
    await this.sync("pause");
    this.settling = null;
    this.tell("settled");
    if (this.status === "paused" && this.moment === null) this.showing?.present(this.now);
  }

  /** One optimiser step; opens the training where there is none. */
  async stepOnce() {
    if (this.status === "running") this.halt();
    if ((this.handle && !this.ended && !this.stale) || (await this.open())) await this.run(1);
  }

  /** End the training where it is; its network stays, a start begins anew. */
  stop() {
    if (!this.handle || this.ended) {
      this.pause();
      return;
    }
    this.halt();
    this.ended = this.stopped = true;
    this.why = stoppedWords(this.info);
    this.settling = this.settle();
    this.set("ended");
  }

  /** Steps a second; null for as fast as it goes. */
  setSpeed(speed) {
    this.speed = speed;
    this.streaming?.abort();
    this.tell("speed");
  }

  get layer() { return this.looking.layer; }
  get example() { return this.looking.example; }
  get sight() { return this.looking.sight; }

  get newest() {
    return this.history.moments.at(-1)?.moment ?? 0;
  }

  /** Where the network is: at a moment, or at a step between two (moment null). While it runs, the newest moment will do. */
  get now() {
    const running = this.status === "running";
    const {step = 0} = this.info ?? {};
    const between = !running && step > (this.history.moments.at(-1)?.step ?? step);
    return {moment: between ? null : this.newest, step: running ? 0 : step};
  }

  /** Look at another layer or picture: `{layer, example, own}`, or some of them. */
  look(patch) { this.state.set(patch); }

  /** A run goes on with the layer and picture looked at now, a moment is asked for again. */
  lookElsewhere() {
    if (this.sight === this.seen && this.moment === null) return;
    this.seen = this.sight;
    if (this.status === "running") this.streaming?.abort();
    this.showing?.present(this.now);
  }

  /** Show a moment of the training; null: what it is now. */
  chooseMoment(moment) {
    this.showing?.choose(moment, this.now);
  }

  /** The display of any moment, as it is looked at or e.g. with another `{layer, example, picture, framing}`: kept, or asked for. */
  display(moment, look = {}) {
    return this.showing.displays.of({moment, ...this.looking.question, ...look});
  }

  /** Validation pictures by their indices: `{height, width, channels, pixels}`. */
  pictures(indices) {
    return this.showing.photos.of(indices);
  }

  /** Where a file of the network is: "safetensors", "onnx", "python" or "card". */
  downloadAddress(kind, moment = this.moment) {
    return this.server.download(this.handle, {as: kind, moment});
  }

  destroy() {
    this.halt();
    this.forget();
    this.clerk.destroy();
    this.release();
  }
}
