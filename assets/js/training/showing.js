// What of a training is on screen: its newest display, or that of a moment gone by.

import {newestOnly} from "../answers.js";
import {Displays, PictureStore, isDisplay, joined} from "./displays.js";

export class Showing {
  /** One training's; `look()` is whose layer and example are shown; `tell(...keys)`: "shown", "moment". */
  constructor({server, handle, look, tell, fail}) {
    Object.assign(this, {look, tell, fail, live: null, shown: null, moment: null, over: false});
    this.displays = new Displays((question) => server.moment(handle, question));
    this.photos = new PictureStore((indices) => server.pictures(handle, indices));
    this.choosing = newestOnly();
  }

  key() {
    const {layer, example} = this.look();
    return `${layer}|${example}`;
  }

  /** A frame of the run; where it brings something to look at, the live display is newer. */
  arrived(frame) {
    if (!isDisplay(frame)) return;
    this.live = joined(this.live, frame, this.key());
    const {moment} = frame.header;
    if (Number.isInteger(moment)) this.displays.set({moment, ...this.look()}, this.live);
    if (this.moment === null) this.show(this.live);
  }

  /** Show a moment of the training; null: what it is now. */
  choose(moment, newest) {
    if (moment === this.moment) return;
    this.moment = moment;
    this.tell("moment");
    this.present(newest);
  }

  /** Bring to the screen what is to be seen: kept, or asked for; `newest`: the moment nearest to now. */
  async present(newest) {
    const question = {moment: this.moment ?? newest, ...this.look()};
    const live = this.moment === null && this.live?.of === this.key() ? this.live : null;
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
