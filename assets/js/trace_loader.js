// Answers of /vz/trace: the newest wins, the last ones are kept, the likeliest next one is fetched ahead.

import {newestOnly, Recent} from "./answers.js";
import {getJSON} from "./api.js";

const KEPT = 200;
const AHEAD_MS = 120; // of rest, before anything is fetched ahead

export class TraceLoader {
  /** `viewOf()` gives the query parameters of the present view; `fetch` is for tests. */
  constructor({viewOf, fetch = getJSON}) {
    this.viewOf = viewOf;
    this.fetch = fetch;
    this.kept = new Recent(KEPT);
    this.newest = newestOnly();
    this.ahead = newestOnly();
  }

  parameters({layer, channel, row, column}, all) {
    return {...this.viewOf(), layer, channel, row, column, all: all ? 1 : null};
  }

  /** `{value}`, `{error}`, or null where a newer question has been asked. */
  async get(place, {all = false} = {}) {
    this.stopAhead();
    const parameters = this.parameters(place, all);
    const key = JSON.stringify(parameters);
    const known = this.kept.get(key);
    if (known) this.newest.cancel(); // what is still on its way is older
    const asked = (this.asked = {});
    const answer = known ? {value: known} : await this.newest.run((signal) => this.fetch("trace", parameters, {signal}));
    if (asked !== this.asked || !answer) return null;
    if (answer.value) this.kept.set(key, answer.value);
    return answer;
  }

  /** The answer for a place if it is there already. */
  known(place, {all = false} = {}) {
    return this.kept.get(JSON.stringify(this.parameters(place, all))) ?? null;
  }

  /** Have `place` ready before it is asked for. */
  prefetch(place) {
    this.stopAhead();
    if (!place || this.known(place)) return;
    this.timer = setTimeout(async () => {
      const parameters = this.parameters(place, false);
      const answer = await this.ahead.run((signal) => this.fetch("trace", parameters, {signal}));
      if (answer?.value) this.kept.set(JSON.stringify(parameters), answer.value);
    }, AHEAD_MS);
  }

  stopAhead() {
    clearTimeout(this.timer);
    this.ahead.cancel();
  }

  cancel() {
    this.asked = null;
    this.stopAhead();
    this.newest.cancel();
  }
}
