import { tableText } from "@podwall/dataplane";
import type { Cidr } from "@podwall/engine";
import { quarantineOf } from "./loop/compile.ts";

export interface BootQuarantineOptions {
  /** The node's pod ranges, or the whole cluster's. */
  readonly podCidrs: readonly Cidr[];
  /** How the node's ends of pod links begin. */
  readonly podInterfacePrefix: string | undefined;
}

/**
 * A file for `nft -f` that closes all of a node's pods, for the time between its boot and the agent's rules. The node itself,
 * and its pods in its own network, go on as ever. An agent takes the table over as it takes that of the agent before it.
 */
export function bootQuarantine({ podCidrs, podInterfacePrefix }: BootQuarantineOptions): string {
  const links = { interfaceOf: () => undefined, ...(podInterfacePrefix === undefined ? {} : { podInterfacePrefix }) };
  const head = [
    "# Closes this node's pods from its boot until podwall's agent has its rules. Made by `podwall boot-quarantine`.",
    "# Changes nothing where podwall has a table already.",
  ];
  return [...head, tableText(quarantineOf("this node", podCidrs, links))].join("\n");
}

/** A systemd unit that loads the file at `path` before the kubelet starts, which does not start without it. */
export function bootUnit(path: string): string {
  return `[Unit]
Description=Closes this node's pods until podwall's agent has its rules
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target kubelet.service
After=local-fs.target systemd-modules-load.service

[Service]
Type=oneshot
RemainAfterExit=yes
# An agent's rules are never replaced: where there is a table, this is skipped.
ExecCondition=/bin/sh -c '! nft list tables inet | grep -qx "table inet podwall"'
ExecStart=/usr/sbin/nft -f ${path}

[Install]
RequiredBy=kubelet.service
`;
}
