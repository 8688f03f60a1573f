import type { PodClass } from "../../../evaluate/fast/pod-class.ts";
import { type LabelSelector, selects } from "../../../model/selector.ts";

/** Which classes a selector of pods selects, whatever their namespaces are. */
export class PodPart {
  readonly #selector: LabelSelector;
  /** By the number of the class. */
  readonly #answers: (boolean | undefined)[] = [];

  constructor(selector: LabelSelector) {
    this.#selector = selector;
  }

  has({ id, labels }: PodClass): boolean {
    const known = this.#answers[id];
    if (known !== undefined) return known;
    return (this.#answers[id] = selects(this.#selector, labels));
  }
}
