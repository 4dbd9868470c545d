// Decimal numbers held exactly: `units` of 10^−places. 2.75 is {units: 275n, places: 2}.

/** What a visitor may type: at most this many decimal places, and no larger than this. */
export const TYPED_PLACES = 3;
export const TYPED_LIMIT = 9999;

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?$/;
const POWERS = Array.from({length: 40}, (_, exponent) => 10n ** BigInt(exponent));

/** 10 to a whole power, as a bigint. */
export const power = (exponent) => POWERS[exponent] ?? 10n ** BigInt(exponent);

export const decimal = (units, places = 0) => ({units, places});
export const ZERO = Object.freeze(decimal(0n));
export const ONE = Object.freeze(decimal(1n));

const magnitude = (units) => (units < 0n ? -units : units);

/** `text` as a Decimal, or a sentence that says what is wrong with it. */
export function parse(text, {places = TYPED_PLACES, limit = TYPED_LIMIT} = {}) {
  const typed = String(text ?? "").trim();
  if (!typed) return refuse("This cell is empty. Type a number, for example 0.");
  if (typed.length > 60) return refuse(`${typed.length} characters are too many. Type a number from −${limit} to ${limit}.`);
  const shown = typed.length > 20 ? `${typed.slice(0, 20)}…` : typed;
  const match = NUMBER.exec(typed.replace("−", "-").replace(",", "."));
  if (!match || !(match[2] || match[3])) return refuse(`“${shown}” is no number. Type digits, for example 4 or −0.5.`);
  const [, sign, whole, tail = ""] = match;
  const fraction = tail.replace(/0+$/, "");
  const size = BigInt(whole + fraction || "0");
  const value = decimal(sign === "-" ? -size : size, fraction.length);
  if (size > BigInt(limit) * power(fraction.length)) return refuse(`${shown} is out of range. Type a number from −${limit} to ${limit}.`);
  if (fraction.length > places) {
    const kept = toText(round(value, places));
    return refuse(`${shown} has ${fraction.length} decimal places; at most ${places} are kept. Type ${kept} instead.`);
  }
  return {ok: true, value};
}

const refuse = (message) => ({ok: false, message});

/** A finite number rounded to `places`, half away from zero. */
export function fromNumber(value, places) {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no decimal number.`);
  if (Math.abs(value) >= 1e21) return decimal(BigInt(value) * power(places), places);
  const text = value.toFixed(places); // exact: toFixed works on the binary value and rounds ties away from zero
  return decimal(BigInt(text.replace(".", "")), places);
}

/** A number as JSON writes it, every digit kept: 0.1 is one tenth. */
export function exactly(value) {
  const [digits, exponent = "0"] = String(value).toLowerCase().split("e");
  const [whole, fraction = ""] = digits.split(".");
  if (!/^-?\d+$/.test(whole)) throw new RangeError(`${value} is no decimal number.`);
  const places = fraction.length - Number(exponent);
  const units = BigInt(whole + fraction);
  return places < 0 ? decimal(units * power(-places)) : decimal(units, places);
}

export const toNumber = (value) => Number(plain(value, value.places));

/** `units` when the value is written with `places` places, which must be at least its own. */
export const unitsAt = (value, places) =>
  value.places === places ? value.units : value.units * power(places - value.places);

export function add(one, other) {
  if (one.places === other.places) return decimal(one.units + other.units, one.places);
  const places = Math.max(one.places, other.places);
  return decimal(unitsAt(one, places) + unitsAt(other, places), places);
}

export const sum = (values) => values.reduce(add, ZERO);
export const negate = (value) => decimal(-value.units, value.places);
export const subtract = (one, other) => add(one, negate(other));
export const multiply = (one, other) => decimal(one.units * other.units, one.places + other.places);
export const isZero = (value) => value.units === 0n;

/** −1, 0 or 1, as the first value is smaller, equal or larger. */
export function compare(one, other) {
  const places = Math.max(one.places, other.places);
  const [left, right] = [unitsAt(one, places), unitsAt(other, places)];
  return left < right ? -1 : Number(left > right);
}

export const equal = (one, other) => compare(one, other) === 0;
export const larger = (one, other) => (compare(one, other) < 0 ? other : one);

/** `numerator / denominator` as a whole number, half away from zero. */
function nearest(numerator, denominator) {
  const [top, bottom] = [magnitude(numerator), magnitude(denominator)];
  const size = (2n * top + bottom) / (2n * bottom);
  return numerator < 0n === denominator < 0n ? size : -size;
}

/** Rounded to `places`, half away from zero; a value with fewer places stays as it is. */
export function round(value, places) {
  if (value.places <= places) return value;
  return decimal(nearest(value.units, power(value.places - places)), places);
}

const partsOf = new Map(); // divisors recur: few of them, thousands of cells

/** A divisor's part without factors 2 and 5, and the places that dividing by those needs. */
function decimalParts(divisor) {
  if (partsOf.has(divisor)) return partsOf.get(divisor);
  let [rest, twos, fives] = [magnitude(divisor), 0, 0];
  while (rest % 2n === 0n) [rest, twos] = [rest / 2n, twos + 1];
  while (rest % 5n === 0n) [rest, fives] = [rest / 5n, fives + 1];
  const parts = {rest, needed: Math.max(twos, fives)};
  if (partsOf.size < 1000) partsOf.set(divisor, parts);
  return parts;
}

/** `value / divisor`: {value, exact}; in full where the digits end, otherwise rounded to `places`. */
export function divide(value, divisor, places = 4) {
  if (isZero(divisor)) throw new RangeError("A number cannot be divided by 0.");
  const {rest, needed} = decimalParts(divisor.units);
  const exact = rest === 1n || value.units % rest === 0n;
  const scale = value.places - divisor.places;
  const shift = exact ? Math.max(needed, -scale) : places - scale;
  const [top, bottom] = shift < 0 ? [value.units, divisor.units * power(-shift)] : [value.units * power(shift), divisor.units];
  return {value: decimal(exact ? top / bottom : nearest(top, bottom), scale + shift), exact};
}

/** Digits with a hyphen for minus and exactly `places` places. */
function plain({units}, places) {
  const digits = magnitude(units).toString().padStart(places + 1, "0");
  const cut = digits.length - places;
  return (units < 0n ? "-" : "") + digits.slice(0, cut) + (places ? `.${digits.slice(cut)}` : "");
}

/** For the screen: true minus sign, no trailing zeros; `fixed` asks for exactly so many places, rounded. */
export function toText(value, {fixed} = {}) {
  if (fixed !== undefined) {
    const rounded = round(value, fixed);
    return plain(decimal(unitsAt(rounded, fixed)), fixed).replace("-", "−");
  }
  const text = plain(value, value.places);
  return (value.places ? text.replace(/\.?0+$/, "") : text).replace("-", "−");
}
