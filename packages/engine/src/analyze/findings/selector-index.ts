import { type LabelSelector, type Labels, selects } from "../../model/selector.ts";

/** Things with labels, looked up by selectors. */
export class LabelIndex<Item extends { readonly labels: Labels }> {
  readonly all: readonly Item[];
  readonly #byLabel = new Map<string, Item[]>();

  constructor(items: readonly Item[]) {
    this.all = items;
    for (const item of items) {
      for (const [key, value] of item.labels) addTo(this.#byLabel, `${key}=${value}`, item);
    }
  }

  /** Those that a selector selects, in no order where it asks for one of several values. */
  select(selector: LabelSelector): readonly Item[] {
    const wanted = selector.requirements.find(({ operator }) => operator === "In");
    const candidates = wanted === undefined ? this.all : this.#having(wanted.key, wanted.values);
    return candidates.filter(({ labels }) => selects(selector, labels));
  }

  #having(key: string, values: readonly string[]): readonly Item[] {
    return [...new Set(values)].flatMap((value) => this.#byLabel.get(`${key}=${value}`) ?? []);
  }
}

/** Things that select by labels, looked up by these. */
export class SelectorIndex<Item> {
  readonly #byLabel = new Map<string, Item[]>();
  readonly #others: Item[] = [];
  readonly #selectorOf: (item: Item) => LabelSelector;
  readonly #order = new Map<Item, number>();

  constructor(items: readonly Item[], selectorOf: (item: Item) => LabelSelector) {
    this.#selectorOf = selectorOf;
    for (const item of items) {
      this.#order.set(item, this.#order.size);
      const wanted = selectorOf(item).requirements.find(({ operator }) => operator === "In");
      if (wanted === undefined) this.#others.push(item);
      else for (const value of new Set(wanted.values)) addTo(this.#byLabel, `${wanted.key}=${value}`, item);
    }
  }

  /** Those that select these labels, with their numbers, in order. */
  selecting(labels: Labels): readonly { readonly item: Item; readonly number: number }[] {
    const candidates = [...labels].flatMap(([key, value]) => this.#byLabel.get(`${key}=${value}`) ?? []);
    return [...this.#others, ...candidates]
      .filter((item) => selects(this.#selectorOf(item), labels))
      .map((item) => ({ item, number: this.#order.get(item) ?? 0 }))
      .sort((a, b) => a.number - b.number);
  }
}

function addTo<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
