// What of a training is looked at: a layer, and a validation picture or the one that all tabs show.

const STATE_KEYS = ["layer", "example", "own"];
const PICTURE_KEYS = ["picture", "framing"];

/** What is looked at, as one word. */
export const sightOf = ({layer, example, picture = null, framing = null}) => `${layer}|${picture ? `${picture} ${framing}` : example}`;

export class Looking {
  /** `state`: the panel's; `workspace` may be null; `training()` tells `{layers, count}` of the training at hand. */
  constructor({state, workspace, training}) {
    Object.assign(this, {state, workspace, training});
  }

  /** Be told that something else is looked at; returns the way to stop. */
  onChange(listener) {
    const told = (wanted) => (_, keys) => keys.some((key) => wanted.includes(key)) && listener();
    const releases = [this.state.subscribe(told(STATE_KEYS)), this.workspace?.subscribe((now, keys) => this.state.get().own && told(PICTURE_KEYS)(now, keys))];
    return () => releases.forEach((release) => release?.());
  }

  get layer() {
    const {layer} = this.state.get();
    const {layers} = this.training();
    return (layers.find(({name}) => name === layer) ?? layers.find(({filters}) => filters) ?? layers[0])?.name ?? layer;
  }

  get example() {
    const {example} = this.state.get();
    const {count} = this.training();
    return count > 0 ? Math.min(example, count - 1) : example;
  }

  /** The workspace's picture, where it has one. */
  get picture() {
    return this.workspace?.get().picture ?? null;
  }

  /** Whether the workspace's picture is looked at. */
  get own() {
    return this.state.get().own && this.picture !== null;
  }

  /** As the server is asked for it. */
  get question() {
    const {layer, example, picture} = this;
    return this.own ? {layer, example, picture, framing: this.workspace.get().framing} : {layer, example};
  }

  get sight() {
    return sightOf(this.question);
  }
}
