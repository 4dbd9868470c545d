// Reordering by drag: the card follows the pointer, the others make room.

/** The place that a card, dragged so that its middle is at `middle`, takes among `boxes` [{top, height}]. */
export function placeFor(middle, boxes, from) {
  let place = from;
  boxes.forEach(({top, height}, at) => {
    const centre = top + height / 2;
    if (at < from && middle < centre) place = Math.min(place, at);
    if (at > from && middle > centre) place = Math.max(place, at);
  });
  return place;
}

/** Let `handle` drag `card` within `list`; `dropped(from, to)` at the end. */
export function draggable({handle, card, list, dropped}) {
  handle.addEventListener("pointerdown", (start) => {
    if (start.button) return;
    start.preventDefault();
    handle.focus({preventScroll: true});
    handle.setPointerCapture(start.pointerId);
    const cards = [...list.children];
    const from = cards.indexOf(card);
    const boxes = cards.map((node) => ({top: node.offsetTop, height: node.offsetHeight}));
    const room = boxes[from].height + (boxes.length > 1 ? gap(boxes) : 0);
    const scroll = scrollY;
    let to = from;
    card.classList.add("vz-au-dragged");
    const move = (event) => {
      const way = event.clientY - start.clientY + scrollY - scroll;
      to = placeFor(boxes[from].top + boxes[from].height / 2 + way, boxes, from);
      card.style.transform = `translateY(${way}px)`;
      cards.forEach((node, at) => {
        if (at === from) return;
        const shift = at > from && at <= to ? -room : at < from && at >= to ? room : 0;
        node.style.transform = shift ? `translateY(${shift}px)` : "";
      });
    };
    const end = (event) => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("pointerup", end);
      handle.removeEventListener("pointercancel", end);
      cards.forEach((node) => (node.style.transform = ""));
      card.classList.remove("vz-au-dragged");
      if (event.type === "pointerup" && to !== from) dropped(from, to);
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", end);
    handle.addEventListener("pointercancel", end);
  });
}

const gap = (boxes) => boxes[1].top - boxes[0].top - boxes[0].height;
