// How often values occur: counting, and drawing the counts.

/** Counts of the finite values in equal bins from the least to the greatest. */
export function histogram(values, bins = 64) {
  const finite = Array.from(values).filter(Number.isFinite);
  const low = finite.reduce((least, value) => Math.min(least, value), Infinity);
  const high = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  const counts = new Uint32Array(bins);
  for (const value of finite) counts[binOf(value, low, high, bins)] += 1;
  return {counts, low, high, broken: values.length - finite.length};
}

function binOf(value, low, high, bins) {
  if (!(high > low)) return Math.floor(bins / 2); // one value: one bar in the middle
  return Math.min(bins - 1, Math.floor((bins * (value - low)) / (high - low)));
}

/** Horizontal place of a value, 0 to 1; null outside. */
export function placeOf(value, {low, high}) {
  if (!(value >= low && value <= high)) return null;
  return high > low ? (value - low) / (high - low) : 0.5;
}

/** Bars of logarithmic height, each in the colour of its value; 0 and `marked` as lines. */
export function drawHistogram(context, {width, height}, {counts, low, high}, {colourOf, ink, marked = null}) {
  const most = Math.log1p(Math.max(...counts));
  const base = height - 1;
  context.clearRect(0, 0, width, height);
  const left = (bin) => Math.round((bin * width) / counts.length);
  counts.forEach((count, bin) => {
    if (count === 0) return;
    const tall = Math.max(2, (Math.log1p(count) / most) * (base - 2));
    const across = Math.max(1, left(bin + 1) - left(bin) - 1);
    context.fillStyle = colourOf(low + ((bin + 0.5) / counts.length) * (high - low));
    context.fillRect(left(bin), base - tall, across, tall);
    context.strokeStyle = ink.edge;
    context.lineWidth = 0.5;
    context.strokeRect(left(bin), base - tall, across, tall);
  });
  context.fillStyle = ink.edge;
  context.fillRect(0, base, width, 1);
  const line = (value, colour, dash) => {
    const place = placeOf(value, {low, high});
    if (place === null) return;
    context.beginPath();
    context.setLineDash(dash);
    context.moveTo(Math.round(place * (width - 1)) + 0.5, 0);
    context.lineTo(Math.round(place * (width - 1)) + 0.5, height);
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.stroke();
    context.setLineDash([]);
  };
  line(0, ink.ink, [3, 2]);
  if (marked !== null) line(marked, ink.accent, []);
}
