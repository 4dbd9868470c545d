// The picture, with the drawing pad in its place while it is open.

import {icon, make} from "./dom.js";
import {DrawingPad} from "./drawing_pad.js";
import {ICONS} from "./icons.js";
import {PictureView} from "./picture_view.js";
import {isUpload, modelOf} from "./view.js";

/** The picture's part of the column; `uploading` sends drawings. */
export class PictureArea {
  constructor({store, context, uploading, addressOf, signal}) {
    Object.assign(this, {store, context, open: false});
    this.picture = new PictureView({context, addressOf, signal});
    this.pad = new DrawingPad({
      isBusy: () => store.get().busy,
      send: async (file) => (context.drawing = (await uploading.send(file)) ?? context.drawing),
      close: () => this.showPad(false),
      signal,
    });
    this.sending = make("div", {class: "vz-sending", hidden: true}, "Sending the picture …");
    const drop = make("div", {class: "vz-drop", "aria-hidden": "true"}, icon(ICONS.upload), "Drop the picture");
    this.picture.stage.append(this.sending, drop);
    this.element = make("section", {class: "vz-picture-area", "aria-label": "Picture"}, this.pad.element, this.picture.element);
  }

  showPad(open) {
    this.open = open;
    this.element.classList.toggle("vz-drawing", open);
    this.pad.show(open, {fresh: open && this.store.get().picture !== this.context.drawing});
  }

  togglePad() {
    this.showPad(!this.open);
  }

  drawSending(busy) {
    this.sending.hidden = !busy;
  }

  /** Follow the workspace; the pad closes where it makes no sense any more. */
  draw(state, keys) {
    const drawable = modelOf(this.context.catalogue, state.net)?.input[0] === 1;
    const elsewhere = keys?.includes("picture") && !isUpload(state.picture);
    if (this.open && (!drawable || elsewhere)) this.showPad(false);
    this.picture.draw(state, keys);
  }
}
