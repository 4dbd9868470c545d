// Keeping the keyboard's place while the drawing changes under it.

const OPENERS = "[data-open], .vz-eq-opens";

/** Remember the focus before a drawing changes; the answer puts it back: to the largest term of another
 *  number, to the same cell of a neighbour, or to the whole view. */
export function keptFocus(element, drawing, deeper) {
  const active = document.activeElement;
  const inside = drawing.contains(active);
  const index = inside ? [...drawing.querySelectorAll(OPENERS)].indexOf(active) : -1;
  const before = drawing.dataset.drawing;
  return () => {
    if (!inside) return;
    const sameDrawing = drawing.dataset.drawing === before && !deeper;
    if (sameDrawing && document.activeElement === active) return;
    const openers = [...drawing.querySelectorAll(OPENERS)];
    const target = (sameDrawing && openers[index]) || drawing.querySelector("[data-largest]") || element;
    target.focus({preventScroll: target === element});
  };
}
