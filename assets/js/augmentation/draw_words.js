// What happened to a draw, in words.

/** A server's text with true minus signs. */
export const signed = (text) => text.replace(/(^|[\s(])-(?=\d)/g, "$1−");

/** One line: what fired, in order. */
export function drawText(draw) {
  if (!draw || draw.applied.length === 0) return "nothing fired, the picture as it is.";
  return `${draw.applied.map(({title, text}) => (text ? `${title}: ${signed(text)}` : title)).join("; ")}.`;
}

/** How many draws keep the class. */
export function agreementText(agreeing, count, label) {
  const share = Math.round((100 * agreeing) / count);
  if (agreeing === 0) return `None of the ${count} draws is still “${label}”.`;
  return `${agreeing} of ${count} draws (${share} %) ${agreeing === 1 ? "is" : "are"} still “${label}”.`;
}

/** What else is to be said about a draw: that its boxes are lost; "" for nothing. */
export const remarkOf = (draw) => (draw.boxes_lost ? "Boxes and masks are left out: they do not move along with these steps." : "");

/** The shares of a mixed label: "The label is 71 % “Cat” and 29 % “Cup of coffee”." */
export function labelText(share, [one, other]) {
  const first = Math.round(100 * share);
  return `The label is ${first} % “${one}” and ${100 - first} % “${other}”.`;
}
