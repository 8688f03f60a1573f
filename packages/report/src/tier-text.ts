import { type TierMatch, type TierStep, formatConnections } from "@podwall/engine";
import { itemName, portText, tierPeerText } from "./item-text.ts";
import { printable } from "./printable.ts";
import { placeText, policyText } from "./reason-text.ts";
import type { Style } from "./style.ts";

/** `denied by ClusterNetworkPolicy no-ssh spec.ingress[0] (file:line:column)`, and the items of it that match. */
export function tierMatchText({ policy, rule, action, peer, port }: TierMatch, style: Style): string[] {
  const items = [
    { item: peer, text: tierPeerText(peer) },
    ...(port === undefined ? [] : [{ item: port, text: portText(port) }]),
  ];
  const why = policy.closedBecause === undefined ? failsClosed({ rule, action }) : cannotBeUsed(policy.closedBecause);
  const where = `${tierRuleText({ policy, rule }, style)}, ${policy.tier} tier, priority ${policy.priority}`;
  return [
    `${doneBy[action]} ${where}${why}`,
    ...items.map(({ item, text }) => `  ${printable(`${itemName(item)}: ${text}`)}${placeText(item.range, style)}`),
  ];
}

/** `TCP 22 denied by ClusterNetworkPolicy no-ssh spec.ingress[0] (file:line:column)`, for each rule that decides. */
export function tierStepsText(steps: readonly TierStep[], style: Style): string[] {
  return steps.map(({ policy, rule, action, decides }) => {
    const set = formatConnections(decides);
    const shown = action === "Accept" ? style.good(set) : action === "Deny" ? style.bad(set) : set;
    return `${shown} ${doneBy[action]} ${tierRuleText({ policy, rule }, style)}, ${policy.tier} tier${failsClosed({ rule, action })}`;
  });
}

const doneBy = { Accept: "accepted by", Deny: "denied by", Pass: "passed on by" } as const;

function tierRuleText({ policy, rule }: Pick<TierMatch, "policy" | "rule">, style: Style): string {
  const name = rule.name === undefined ? "" : printable(` "${rule.name}"`);
  return `${policyText(policy)} ${rule.path}${name}${placeText(rule.range, style)}`;
}

function failsClosed({ rule, action }: Pick<TierMatch, "rule" | "action">): string {
  return rule.action === action ? "" : `; its action is ${rule.action}, but whether it matches cannot be told`;
}

function cannotBeUsed(because: string): string {
  return `; it cannot be used and closes its pods: ${printable(because)}`;
}
