// Searching a network's classes by name or number; nothing here touches the page.

const plain = (text) => text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase().replace(/[-_,'’/]+/g, " ").trim();

const largest = (probabilities) => (a, b) => (probabilities ? (probabilities[b] || 0) - (probabilities[a] || 0) : 0) || a - b;

/** How well a label fits: 0 begins so, 1 its words begin so, 2 holds it somewhere; null if not at all. */
export function fitOf(label, query) {
  const [name, asked] = [plain(label), plain(query)];
  if (name.startsWith(asked)) return 0;
  const words = name.split(/\s+/);
  const parts = asked.split(/\s+/);
  if (parts.every((part) => words.some((word) => word.startsWith(part)))) return 1;
  return parts.every((part) => name.includes(part)) ? 2 : null;
}

/** Classes that fit `query`, best first and among equals the most probable: `{found, total}`, at most `limit` found. */
export function searchClasses(labels, query, {probabilities = null, limit = 60} = {}) {
  const order = largest(probabilities);
  const all = labels.map((_, index) => index);
  const number = /^\d{1,6}$/.test(query.trim()) ? Number(query) : null;
  const asked = query.trim();
  let found;
  if (asked === "") found = all.sort(order);
  else {
    const fits = labels.map((label, index) => (index === number ? -1 : fitOf(label, asked)));
    found = all.filter((index) => fits[index] !== null).sort((a, b) => fits[a] - fits[b] || order(a, b));
  }
  return {found: found.slice(0, limit), total: found.length};
}
