// The menu of networks, data and recipes, and what is set up: described layer by layer as it is built.

import {newestOnly} from "../answers.js";
import {namedNetwork, openParameters, repairedSetup, setupOf} from "./setup.js";
import {Timing} from "./timing.js";

const REST_MS = 120; // after which a slider counts as let go
const GONE = [404, 410]; // pictures that are no longer on the server
const SETUP_KEYS = ["network", "stack", "data", "side", "seed", "recipe"];

export class SetupClerk {
  /** `tell(...keys)`: "menu", "setup", "rows", "timing"; `say(sentences)`: what of a link was adjusted. */
  constructor({state, server, tell, say}) {
    Object.assign(this, {state, server, tell, say, menu: null, setup: null, rows: [], totals: null, error: null, ofData: false, waiting: null});
    this.describing = newestOnly();
    this.timing = new Timing({server, tell});
    this.release = state.subscribe((_, keys) => this.menu && keys.some((key) => SETUP_KEYS.includes(key)) && this.refresh());
  }

  /** Fetch the menu, once unless asked `again`; a failure is thrown, and may be tried again. */
  load({again = false} = {}) {
    if (this.menu && !again) return Promise.resolve();
    this.loading ??= this.read().finally(() => (this.loading = null));
    return this.loading;
  }

  async read() {
    const menu = await this.server.menu();
    const {patch, sentences} = repairedSetup(this.state.get(), menu);
    this.menu = menu;
    this.setup = setupOf({...this.state.get(), ...patch}, menu);
    if (sentences.length) this.say(sentences);
    this.tell("menu");
    this.state.set(patch);
    this.refresh();
  }

  refresh() {
    this.setup = setupOf(this.state.get(), this.menu);
    this.tell("setup");
    const {data, side} = this.setup;
    const question = {...namedNetwork(this.setup), data, side};
    const text = JSON.stringify(question);
    if (text === this.asked) {
      this.time();
      return;
    }
    const first = this.asked === undefined;
    this.asked = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.describe(question), first ? 0 : REST_MS);
  }

  async describe(question) {
    const answer = await this.describing.run((signal) => this.server.stack(question, signal));
    if (!answer) return;
    this.error = answer.error?.message ?? null;
    this.ofData = Boolean(answer.error?.body?.of_pictures) || GONE.includes(answer.error?.status);
    if (answer.error) this.asked = undefined;
    if (answer.value) {
      const {rows, ...rest} = answer.value;
      Object.assign(this, {rows, totals: {...rest.totals, input: rest.input, classes: rest.classes}});
    }
    this.tell("rows");
    this.time();
  }

  /** How long the training will take, once it is known that it can be done. */
  time() {
    this.timing.follow(this.rows.length && this.misfit === null ? this.setup : null);
  }

  /** Change part of the setup: keys of the state; of the recipe only what differs from the usual is kept. */
  choose({recipe = null, ...patch}) {
    if (recipe) {
      const all = {...this.state.get().recipe, ...recipe};
      patch.recipe = Object.fromEntries(Object.entries(all).filter(([name, value]) => value !== null && value !== this.setup?.usual[name]));
    }
    this.state.set(patch);
  }

  /** What `training/open` is asked. */
  get question() {
    return openParameters(this.setup);
  }

  /** What has to be there before a start, in a sentence; null: nothing. */
  wait(sentence) {
    if (sentence === this.waiting) return;
    this.waiting = sentence;
    this.tell("rows");
  }

  /** Why this cannot be trained; null where it can. */
  get misfit() {
    if (!this.setup || this.waiting) return this.waiting;
    const row = this.rows.find((one) => one.error);
    return row?.error ?? this.totals?.error ?? this.error;
  }

  destroy() {
    clearTimeout(this.timer);
    this.describing.cancel();
    this.timing.destroy();
    this.release();
  }
}
