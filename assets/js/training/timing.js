// How long what is set up will take: timed on the server, a few steps on noise, as soon as the setup rests.

import {newestOnly} from "../answers.js";
import {openParameters} from "./setup.js";

const REST_MS = 300; // after which a slider counts as let go
const FREE = ["epochs", "pictures", "rate", "schedule", "seed", "decay", "momentum", "smoothing"]; // what a step takes no longer for

/** What the duration of a step depends on, as one text. */
export const timedBy = (question) => JSON.stringify(Object.fromEntries(Object.entries(question).filter(([name]) => !FREE.includes(name))));

/** Seconds of a training by what was timed; others who train at the same time take their share. */
export function timedSeconds({step_s: step, picture_s: picture, validated, others}, {pictures, epochs, batch}) {
  return (1 + others) * epochs * (Math.ceil(pictures / batch) * step + validated * picture);
}

export class Timing {
  /** `tell("timing")` when something is known or known no longer. */
  constructor({server, tell}) {
    Object.assign(this, {server, tell, known: null, asked: null});
    this.asking = newestOnly();
  }

  /** What is set up now; null where it cannot be trained. */
  follow(setup) {
    const question = setup && openParameters(setup);
    const text = question && timedBy(question);
    if (text === this.asked) return;
    this.asked = text;
    clearTimeout(this.timer);
    this.asking.cancel();
    this.take(null);
    if (question) this.timer = setTimeout(() => this.ask(question), REST_MS);
  }

  async ask(question) {
    const answer = await this.asking.run((signal) => this.server.time(question, signal));
    if (answer?.value) this.take(answer.value);
    else if (answer) this.asked = null; // a guess stands in; the next change asks again
  }

  take(known) {
    if (known === this.known) return;
    this.known = known;
    this.tell("timing");
  }

  destroy() {
    clearTimeout(this.timer);
    this.asking.cancel();
  }
}
