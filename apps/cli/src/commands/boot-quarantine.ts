import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { parsePath } from "../flags.ts";
import { type NodeFlags, nodeFlags } from "../node-flags.ts";

interface Flags extends NodeFlags {
  readonly unit?: string;
}

export const bootQuarantineCommand = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Print what closes a node's pods from its boot until the agent runs",
    fullDescription: [
      "Prints a file for `nft -f`: until the agent has its rules no packet of the node's pods passes. Name the node's pod ranges or",
      "the cluster's, how pods' links begin, or both. With --unit PATH prints a systemd unit that loads the file at PATH before the",
      "kubelet starts. The agent takes it over without a gap; where podwall has rules already it changes nothing.",
      "Exits with 0, or 2 on bad usage.",
      "",
      "Examples:",
      "  podwall boot-quarantine --pod-cidr 10.244.0.0/16 > /etc/podwall/boot.nft",
      "  podwall boot-quarantine --unit /etc/podwall/boot.nft > /etc/systemd/system/podwall-boot.service",
      "  systemctl enable podwall-boot",
    ].join("\n"),
  },
  parameters: {
    flags: {
      podCidr: { ...nodeFlags.podCidr, brief: "A range of the node's pods, or of the cluster's (repeatable)" },
      podInterfacePrefix: { ...nodeFlags.podInterfacePrefix, brief: "How the node's ends of pod links begin" },
      unit: {
        kind: "parsed",
        parse: parsePath,
        optional: true,
        brief: "Print the systemd unit that loads this file",
        placeholder: "PATH",
      },
    },
  },
  async func(this: Context, { podCidr: podCidrs = [], podInterfacePrefix, unit }) {
    const hasPods = podCidrs.length > 0 || podInterfacePrefix !== undefined;
    const refusal =
      unit === undefined
        ? hasPods
          ? undefined
          : "name the pods' ranges or links: --pod-cidr 10.244.0.0/16, --pod-interface-prefix cali"
        : hasPods || !/^\/[\w./-]+$/.test(unit)
          ? "--unit takes the absolute path of the file, of letters, digits and ._-/, and no other option"
          : undefined;
    if (refusal !== undefined) {
      this.process.stderr.write(`podwall boot-quarantine: ${refusal}\n`);
      this.exitCode = 2;
      return;
    }
    const { bootQuarantine, bootUnit } = await import("@podwall/agent");
    this.process.stdout.write(unit === undefined ? bootQuarantine({ podCidrs, podInterfacePrefix }) : bootUnit(unit));
    this.exitCode = 0;
  },
});
