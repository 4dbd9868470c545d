// How it is trained: epochs, learning rate, batch, optimiser, schedule; the rest behind "More".

import {make} from "../dom.js";
import {choiceField, sliderField, tickField} from "./slider_field.js";
import {percent, setting} from "./tr_says.js";

const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const PICTURES = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000];
const EVERY = "all";
const TITLES = {
  adamw: "AdamW", adam: "Adam", momentum: "SGD with momentum", sgd: "SGD",
  "one-cycle": "one cycle", constant: "constant", cosine: "cosine",
  float32: "float32", bfloat16: "bfloat16",
};

/** Options of a menu's list, whether it names or describes them. */
export const optionsOf = (list) => (list ?? []).map((one) => (typeof one === "string" ? [one, TITLES[one] ?? one] : [one.name, one.title ?? TITLES[one.name] ?? one.name]));

/** How many notches a slider of counts needs: the list's values up to what there is. */
export const upTo = (values, most) => values.filter((value) => value < most);

export class RecipeForm {
  /** `onChange(field, value)`. */
  constructor({onChange}) {
    this.onChange = onChange;
    this.fields = {};
    this.first = make("div", {class: "vz-tn-fields"});
    this.more = make("div", {class: "vz-tn-fields"});
    this.element = make("div", {class: "vz-tn-recipe"}, this.first, make("details", {class: "vz-tn-more"}, make("summary", {}, "More"), this.more));
  }

  setMenu(menu, recipe) {
    const range = (name, usual) => ({...usual, ...(menu.ranges?.[name] ?? {})});
    const slider = (name, title, hint, more) => [name, sliderField({name, title, hint, value: recipe[name] ?? more.low, onInput: (value) => this.onChange(name, value), ...more})];
    const choice = (name, title, hint, list) => [name, choiceField({name, title, hint, options: optionsOf(list), value: recipe[name], onChange: (value) => this.onChange(name, value)})];
    const share = (digits) => (value) => (value === 0 ? "none" : digits ? value.toFixed(digits) : percent(value));
    const epochs = range("epochs", {low: 1, high: 60});
    const rate = range("rate", {low: 1e-6, high: 1000});
    const batch = range("batch", {low: 1, high: 1024});
    const first = [
      slider("epochs", "Epochs", "How often every picture is seen", {low: epochs.low, high: epochs.high, step: 1, log: epochs.high > 100}),
      slider("rate", "Learning rate", "How far one step goes against the gradient", {low: rate.low, high: rate.high, step: 0, log: true, text: setting}),
      slider("batch", "Batch", "Pictures of one step", {values: BATCHES.filter((value) => value >= batch.low && value <= batch.high)}),
      choice("optimiser", "Optimiser", "How a gradient becomes a step", menu.optimisers),
      choice("schedule", "Schedule", "How the learning rate changes on the way", menu.schedules),
    ];
    const decay = range("decay", {low: 0, high: 1});
    const momentum = range("momentum", {low: 0, high: 0.99});
    const smoothing = range("smoothing", {low: 0, high: 0.5});
    const rest = [
      slider("decay", "Weight decay", "Every step makes the weights a little smaller", {low: 1e-5, high: decay.high, step: 0, log: true, zero: true, text: (value) => (value === 0 ? "none" : setting(value))}),
      slider("momentum", "Momentum", "How much of the last step goes on; for Adam β₁", {low: momentum.low, high: momentum.high, step: 0.01, text: share(2)}),
      slider("smoothing", "Label smoothing", "What share of certainty is given to the other classes", {low: smoothing.low, high: smoothing.high, step: 0.01, text: share(2)}),
      choice("precision", "Precision", "bfloat16 is faster for larger convolutions", menu.precisions ?? ["float32", "bfloat16"]),
    ];
    const shuffled = tickField({name: "shuffled", title: "Shuffle all pixels by one fixed permutation", hint: "The same for every picture: neighbours are no longer neighbours", on: Boolean(recipe.shuffled), onChange: (on) => this.onChange("shuffled", on)});
    this.limit = choiceField({name: "pictures", title: "Training pictures", hint: "Fewer of them, balanced by class: see it learn them by heart", options: [[EVERY, "all"], ...PICTURES.map((number) => [String(number), number.toLocaleString("en")])],
      value: recipe.pictures ? String(recipe.pictures) : EVERY, onChange: (value) => this.onChange("pictures", value === EVERY ? null : Number(value))});
    this.fields = Object.fromEntries([...first, ...rest, ["shuffled", shuffled]]);
    this.first.replaceChildren(...first.map(([, field]) => field.element));
    this.more.replaceChildren(this.limit.element, ...rest.map(([, field]) => field.element), shuffled.element);
  }

  draw({recipe, usual}) {
    for (const [name, field] of Object.entries(this.fields)) if (recipe[name] !== undefined && recipe[name] !== null) field.set(recipe[name], usual[name] ?? null);
    this.fields.shuffled?.set(Boolean(recipe.shuffled));
    const {pictures} = recipe;
    if (pictures && ![...this.limit.select.options].some(({value}) => value === String(pictures))) this.limit.select.append(make("option", {value: String(pictures)}, pictures.toLocaleString("en")));
    this.limit?.set(pictures ? String(pictures) : EVERY);
  }
}
