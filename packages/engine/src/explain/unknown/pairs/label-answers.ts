import { namespaceNameLabel, undeclaredNamespace } from "../../../model/cluster.ts";
import { type LabelSelector, selects } from "../../../model/selector.ts";
import type { LabelChoice } from "../label-choices.ts";
import { labelled } from "../namespace-variation.ts";

/** Whether a selector selects namespaces of which only the names are known, by the place of the labels that they may have. */
export class LabelAnswers {
  readonly #selector: LabelSelector;
  readonly #choices: readonly LabelChoice[];
  /** Whether the name has a say too. */
  readonly asksName: boolean;
  readonly #byName = new Map<string, readonly boolean[]>();

  constructor(selector: LabelSelector, choices: readonly LabelChoice[]) {
    this.#selector = selector;
    this.#choices = choices;
    this.asksName = selector.requirements.some(({ key }) => key === namespaceNameLabel);
  }

  of(name: string): readonly boolean[] {
    const key = this.asksName ? name : "";
    let answers = this.#byName.get(key);
    if (answers === undefined) this.#byName.set(key, (answers = this.#find(key)));
    return answers;
  }

  #find(name: string): readonly boolean[] {
    const namespace = undeclaredNamespace(name);
    return this.#choices.map((choice) => selects(this.#selector, labelled(namespace, choice).labels));
  }
}
