import type { FastEvaluator } from "../evaluate/fast/fast-evaluator.ts";
import type { Asked } from "./identity.ts";

/** So many questions that no rule asks any more are answered still, of each kind. */
const mostKept = 64;

/**
 * What a node's rules ask, and what they asked lately. A question that comes or goes makes the identities of all others for whom the
 * answer is yes, which may be every address of a cluster; and rules that go often come back. So the answers are kept:
 * identities are finer than they had to be then, and nothing that they are allowed is another thing for it.
 */
export class KeptQuestions {
  readonly #evaluator: FastEvaluator;
  #pods: Asked["pods"] = new Map();
  #addresses: Asked["addresses"] = new Map();
  #named: Asked["named"] = new Map();

  constructor(evaluator: FastEvaluator) {
    this.#evaluator = evaluator;
  }

  /** What is asked now, and what is kept of before: that which was asked last first. */
  with({ pods, addresses, named }: Asked): Asked {
    this.#hold(withKept(this.#pods, pods));
    this.#addresses = withKept(this.#addresses, addresses);
    this.#named = withKept(this.#named, named);
    return { pods: this.#pods, addresses: this.#addresses, named: this.#named };
  }

  /** Forgets all that is not asked now. */
  only(asked: Asked): Asked {
    this.#hold(asked.pods);
    [this.#addresses, this.#named] = [asked.addresses, asked.named];
    return asked;
  }

  /** The evaluator answers what somebody uses. */
  #hold(pods: Asked["pods"]): void {
    for (const question of pods.keys()) if (!this.#pods.has(question)) this.#evaluator.hold(question);
    for (const question of this.#pods.keys()) if (!pods.has(question)) this.#evaluator.letGo(question);
    this.#pods = pods;
  }
}

/** What is asked now, then what was asked before, up to so much. */
function withKept<K, V>(before: ReadonlyMap<K, V>, asked: ReadonlyMap<K, V>): ReadonlyMap<K, V> {
  const all = new Map(asked);
  for (const [key, value] of before) {
    if (all.size >= asked.size + mostKept) break;
    if (!all.has(key)) all.set(key, value);
  }
  return all;
}
