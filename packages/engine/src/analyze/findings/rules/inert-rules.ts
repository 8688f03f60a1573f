import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { FindingInput } from "../input.ts";
import { placesOf } from "../words.ts";

/** Rules of a direction that `policyTypes` does not name. */
export function* inertRules({ policies }: FindingInput): Iterable<Diagnostic> {
  for (const { written, directions } of policies) {
    const [first] = written?.inert ?? [];
    if (written === undefined || first === undefined) continue;
    const direction = first.path.startsWith("spec.egress") ? "Egress" : "Ingress";
    const named = directions.map((one) => (one === "egress" ? "Egress" : "Ingress")).join(", ");
    const count = written.inert.length === 1 ? "1 rule" : `${written.inert.length} rules`;
    yield diagnostic(
      "PW3004",
      `spec.${direction.toLowerCase()}: ${count} without effect: policyTypes is [${named}], so ${direction.toLowerCase()} is not looked at`,
      {
        range: first.range,
        related: placesOf({ message: "policyTypes is here", range: written.policyTypes?.range }),
        help: `add ${direction} to \`policyTypes\`; its subjects are then isolated for ${direction.toLowerCase()}`,
      },
    );
  }
}
