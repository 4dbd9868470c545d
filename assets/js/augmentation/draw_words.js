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

/** What else is to be said about a draw: boxes that are lost, the picture that was mixed in; "" for nothing. */
export function remarkOf(draw, {partner = null}) {
  const lost = draw.boxes_lost ? "The boxes are left out: they do not move along with these steps." : "";
  const name = partner?.startsWith("sample:") ? `“${partner.slice("sample:".length)}”` : "another picture";
  const mixed = draw.share < 1 ? `Mixed with ${name}: the label is ${Math.round(100 * draw.share)} % this picture’s.` : "";
  return [mixed, lost].filter(Boolean).join(" ");
}
