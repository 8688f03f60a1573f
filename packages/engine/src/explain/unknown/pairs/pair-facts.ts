import { podKey } from "../../../model/pod.ts";
import type { Direction } from "../../../model/network-policy.ts";
import type { MissingFact } from "../missing-fact.ts";
import { decisive } from "./decisive.ts";
import { type KnownEnd, hasOthers, othersOf } from "./known-end.ts";
import { type Overrides, overridden } from "./overrides.ts";
import { type Pair, isLooseItself, isOfOneNamespace, sideOf } from "./pair.ts";
import type { PairContext } from "./pair-context.ts";
import type { PairSides } from "./pair-sides.ts";
import { type PairWays, waysAt } from "./pair-ways.ts";
import { noAddress } from "./ways.ts";

/** Which of the facts that the input does not say change what may pass between two ends. */
export class PairFacts {
  readonly #context: PairContext;
  readonly #ways: PairWays;
  readonly #sides: PairSides;
  readonly #patterns = new Map<string, readonly number[]>();

  constructor(context: PairContext, ways: PairWays, sides: PairSides) {
    this.#context = context;
    this.#ways = ways;
    this.#sides = sides;
  }

  /** The facts of which some change the outcome. To be asked where there is more than one. */
  missing(pair: Pair): readonly MissingFact[] {
    const { source, destination } = pair;
    const facts = this.#facts(source, destination);
    if (this.#context.isTooMuch && isLooseItself(source, destination)) return facts.flatMap(({ facts: own }) => own);
    return this.#decisive(pair, facts).flatMap((index) => facts[index]?.facts ?? []);
  }

  /** The places of the facts that change the outcome; worked out once for all pairs that are alike in all ways. */
  #decisive(pair: Pair, facts: readonly OpenFact[]): readonly number[] {
    const find = (): readonly number[] =>
      decisive(
        facts.map(({ choices }) => choices),
        (chosen) => this.#answerAt(pair, facts, chosen),
      );
    if (this.#context.ways.subjectsAsk) return find();
    const key = this.#patternOf(pair, facts);
    let places = this.#patterns.get(key);
    if (places === undefined) this.#patterns.set(key, (places = find()));
    return places;
  }

  /** One text for pairs with the same outcomes in the same ways; where policies do not ask whom they select by labels. */
  #patternOf(pair: Pair, facts: readonly OpenFact[]): string {
    const { source, destination, via } = pair;
    const families = this.#ways.families(source, destination, via);
    const side = (direction: Direction): string => {
      const labels = this.#ways.labelPlaces(pair, direction);
      const texts = families.map((family) => {
        const addresses = this.#ways.addressPlaces(pair, direction, family);
        const outcomes = waysAt(0, labels.distinct, addresses.distinct).map((way) =>
          this.#sides.all(pair, direction, way).join(" "),
        );
        return `${family} ${labels.text} ${addresses.text} ${outcomes.join()}`;
      });
      return texts.join();
    };
    return [
      isOfOneNamespace(source, destination),
      facts.map(({ of }) => ("side" in of ? `${of.kind} ${of.side}` : of.kind)).join(),
      side("egress"),
      side("ingress"),
    ].join(" | ");
  }

  /** What is not known of a pair, and how many choices there are for each. */
  #facts(source: KnownEnd, destination: KnownEnd): readonly OpenFact[] {
    const facts: OpenFact[] = [];
    for (const namespace of new Set([source.onlyNamed, destination.onlyNamed])) {
      if (namespace === undefined) continue;
      facts.push({
        facts: [{ kind: "namespace-labels", namespace, keys: this.#context.askedKeys }],
        choices: this.#context.ways.labels.length,
        of: { kind: "labels", namespace },
      });
    }
    for (const [side, { hasNoAddress, pod }] of [source, destination].entries()) {
      if (!hasNoAddress) continue;
      facts.push({
        facts: [{ kind: "pod-address", pod: podKey(pod) }],
        choices: this.#context.ways.addresses.length,
        of: { kind: "address", side: side as 0 | 1 },
      });
    }
    for (const [side, direction] of (["egress", "ingress"] as const).entries()) {
      const end = side === 0 ? source : destination;
      if (!hasOthers(end, direction)) continue;
      const choices = this.#sides.overrides(end, direction).length;
      facts.push({ facts: otherFacts(end, direction), choices, of: { kind: "others", side: side as 0 | 1 } });
    }
    return facts;
  }

  /** The outcome of one choice for each fact, as text; undefined where these cannot be so together. */
  #answerAt(pair: Pair, facts: readonly OpenFact[], chosen: readonly number[]): string | undefined {
    const { source, destination, via } = pair;
    const labels = new Map<string | undefined, number>();
    const addresses: [number, number] = [noAddress, noAddress];
    const override: [Overrides, Overrides] = [[], []];
    for (const [index, { of }] of facts.entries()) {
      const choice = chosen[index] as number;
      if (of.kind === "labels") labels.set(of.namespace, choice);
      else if (of.kind === "address") addresses[of.side] = choice;
      else {
        const [subject, direction] =
          of.side === 0 ? ([source, "egress"] as const) : ([destination, "ingress"] as const);
        override[of.side] = this.#sides.overrides(subject, direction)[choice] ?? [];
      }
    }
    const families = this.#ways.families(source, destination, via);
    const used = addresses
      .map((place) => this.#context.ways.addresses[place]?.family)
      .filter((family) => family !== undefined);
    if (!families.some((family) => used.every((own) => own === family))) return undefined;
    const [from, to] = [labels.get(source.onlyNamed) ?? 0, labels.get(destination.onlyNamed) ?? 0];
    const egress = this.#sides.given(pair, "egress", { own: from, labels: to, address: addresses[1] });
    const ingress = this.#sides.given(pair, "ingress", { own: to, labels: from, address: addresses[0] });
    const sent = overridden(egress, sideOf(pair, "egress"), override[0]);
    const taken = overridden(ingress, sideOf(pair, "ingress"), override[1]);
    return sent.map((number, state) => this.#context.pool.intersect(number, taken[state] as number)).join();
  }
}

interface OpenFact {
  readonly facts: readonly MissingFact[];
  readonly choices: number;
  readonly of:
    | { readonly kind: "labels"; readonly namespace: string }
    | { readonly kind: "address" | "others"; readonly side: 0 | 1 };
}

/** The policies of other kinds that may select an end. */
export function otherFacts(end: KnownEnd, direction: Direction): MissingFact[] {
  const pod = podKey(end.pod);
  return [...new Set(othersOf(end, direction))].map((policy) => ({ kind: "other-policy", policy, pod }));
}
