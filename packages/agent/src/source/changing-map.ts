import { SharedMap } from "@podwall/engine";

/**
 * A map that changes, and is asked for the states that it is in. What changed since the last one is put in when somebody asks: a
 * list of very many objects is one change.
 */
export class ChangingMap<Value> {
  #state = SharedMap.empty<Value>();
  /** Since that state; undefined where it is gone. */
  readonly #changed = new Map<string, Value | undefined>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: string): Value | undefined {
    return this.#changed.has(key) ? this.#changed.get(key) : this.#state.get(key);
  }

  set(key: string, value: Value): void {
    if (this.get(key) === undefined) this.#size += 1;
    this.#changed.set(key, value);
  }

  delete(key: string): void {
    if (this.get(key) !== undefined) this.#size -= 1;
    // What came and went in between was never there.
    if (this.#state.get(key) === undefined) this.#changed.delete(key);
    else this.#changed.set(key, undefined);
  }

  /** All that it holds now. The same map until it is told of a change. */
  get state(): SharedMap<Value> {
    if (this.#changed.size > 0) {
      this.#state = this.#state.with(this.#changed);
      this.#changed.clear();
    }
    return this.#state;
  }
}
