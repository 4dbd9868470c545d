// Answers of the server: only the newest counts, and the last few are kept.

/** A runner that lets only its newest work through: older work is aborted and answers null. */
export function newestOnly() {
  let controller = null;
  return {
    async run(work) {
      controller?.abort();
      const own = new AbortController();
      controller = own;
      try {
        const value = await work(own.signal);
        return own === controller ? {value} : null;
      } catch (error) {
        if (own !== controller || error.name === "AbortError") return null;
        return {error};
      }
    },
    cancel() {
      controller?.abort();
      controller = null;
    },
  };
}

/** The `capacity` entries used last. */
export class Recent {
  constructor(capacity) {
    this.capacity = capacity;
    this.entries = new Map();
  }

  get(key) {
    const value = this.entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key, value) {
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size > this.capacity) this.entries.delete(this.entries.keys().next().value);
  }
}
