// Who is told of changes, by what has changed.

export class Telling {
  listeners = new Set();

  /** Be told of changes; returns the way to stop. */
  onChange(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(...keys) {
    for (const listener of [...this.listeners]) {
      try {
        listener(keys);
      } catch (error) {
        console.error(error); // one view's fault must not end the training
      }
    }
  }
}
