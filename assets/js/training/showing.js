// What of a training is on screen: its newest display, or that of a moment gone by.

import {newestOnly} from "../answers.js";
import {Displays, PictureStore, isDisplay, isWhole, joined} from "./displays.js";
import {sightOf} from "./looking.js";

export class Showing {
  /** One training's; `look()` is whose layer and which picture are shown; `tell(...keys)`: "shown", "moment". */
  constructor({server, handle, look, tell, fail}) {
    Object.assign(this, {look, tell, fail, live: null, mapped: -1, shown: null, moment: null, over: false});
    this.displays = new Displays(({step, ...question}) => server.moment(handle, question));
    this.photos = new PictureStore((indices) => server.pictures(handle, indices));
    this.choosing = newestOnly();
  }

  get sight() {
    return sightOf(this.look());
  }

  /** A frame of the run; where it brings something to look at, the live display is newer. */
  arrived(frame) {
    if (!isDisplay(frame)) return;
    const {sight} = this;
    const before = [this.live, this.moment === null ? this.shown : null].filter((display) => display?.of === sight);
    const same = this.live?.of === sight;
    this.live = joined(before.find(({arrays}) => "maps" in arrays) ?? before[0], frame, sight);
    const {moment, step} = frame.header;
    if ("maps" in frame.arrays) this.mapped = step;
    else if (!same) this.mapped = -1;
    if (Number.isInteger(moment) && isWhole(frame)) this.displays.set({moment, ...this.look()}, this.live);
    if (this.moment === null) this.show(this.live);
  }

  /** Show a moment of the training; null: what it is now, see `present`. */
  choose(moment, now) {
    if (moment === this.moment) return;
    this.moment = moment;
    this.tell("moment");
    this.present(now);
  }

  /** Bring to the screen what is to be seen: kept, or asked for. `now`: `{moment, step}`, moment null between two of them; older than `step` is not now. */
  async present(now) {
    const question = {...(this.moment === null ? now : {moment: this.moment}), ...this.look()};
    const live = this.moment === null && this.live?.of === this.sight && this.mapped >= now.step ? this.live : null;
    const kept = live ?? this.displays.get(question);
    if (kept) {
      this.choosing.cancel();
      this.show(kept);
      return;
    }
    const answer = await this.choosing.run(() => this.displays.of(question));
    if (!answer || this.over) return;
    if (answer.error) this.fail(answer.error);
    else this.show(answer.value);
  }

  show(display) {
    this.shown = display;
    this.tell("shown");
  }

  end() {
    this.over = true;
    this.choosing.cancel();
  }
}
