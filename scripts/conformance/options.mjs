import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Problem } from "../lib/main.mjs";
import { fromRoot } from "../lib/root.mjs";

export const usage = `npm run conformance -- [OPTION]…
Upstream's own suites against podwall's agent, on a real cluster in network namespaces of its own.

  --suite NAME       install, doctor, probe, corners, network-policy, cyclonus or cluster-network-policy; repeatable;
                     all by default
  --focus REGEX      only specs whose name has this in it
  --share SHARE      usual (by default): all specs, and of cyclonus' cases a tenth; all; or ci: some minutes
  --nodes 1|2        nodes of the cluster; 2 by default, and for cluster-network-policy
  --kube-proxy MODE  nftables (by default) or iptables
  --cni PLUGIN       ptp (by default: a link for each pod) or bridge (with br_netfilter)
  --ip-families F    ipv4 (by default) or dual
  --processes N      specs of network-policy at a time
  --rounds N         run everything so many times
  --results FOLDER   where logs, junit.xml and table.md go, instead of dist/conformance; what is there is removed
  --without-agent    install no agent: everything that denies must fail
  --hold             start the cluster and the agent, run nothing, and wait for Ctrl-C
  --help`;

const suites = ["install", "doctor", "probe", "corners", "network-policy", "cyclonus", "cluster-network-policy"];

/** It has pods on the networks of two nodes. */
const twoNodes = "cluster-network-policy";

/**
 * Reads the options; undefined where help is asked for.
 * @param {string[]} args
 */
export function optionsOf(args) {
  const values = parse(args);
  if (values.help) return undefined;
  const nodes = oneOf("--nodes", values.nodes, ["1", "2"]) === "1" ? 1 : 2;
  const chosen = values.suite ?? suites.filter((suite) => nodes === 2 || suite !== twoNodes);
  for (const suite of chosen) oneOf("--suite", suite, suites);
  if (nodes === 1 && chosen.includes(twoNodes))
    throw new Problem("The suite cluster-network-policy needs --nodes 2: it has pods on the networks of two nodes.", 2);
  if (values["without-agent"] && values.suite?.includes("install"))
    throw new Problem("The suite install looks at agents; leave out --without-agent.", 2);
  const settings = {
    suites: suites.filter((suite) => chosen.includes(suite) && !(values["without-agent"] && suite === "install")),
    focus: focusOf(values.focus),
    share: oneOf("--share", values.share, ["usual", "all", "ci"]),
    nodes,
    proxyMode: oneOf("--kube-proxy", values["kube-proxy"], ["nftables", "iptables"]),
    cni: oneOf("--cni", values.cni, ["ptp", "bridge"]),
    families: oneOf("--ip-families", values["ip-families"], ["ipv4", "dual"]),
    processes: numberOf("--processes", values.processes ?? String(availableParallelism() + 1)),
    rounds: numberOf("--rounds", values.rounds),
    withoutAgent: values["without-agent"],
    hold: values.hold,
  };
  return { settings, results: values.results === undefined ? fromRoot("dist/conformance") : resolve(values.results) };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        suite: { type: "string", multiple: true },
        focus: { type: "string" },
        share: { type: "string", default: "usual" },
        nodes: { type: "string", default: "2" },
        "kube-proxy": { type: "string", default: "nftables" },
        cni: { type: "string", default: "ptp" },
        "ip-families": { type: "string", default: "ipv4" },
        processes: { type: "string" },
        rounds: { type: "string", default: "1" },
        results: { type: "string" },
        "without-agent": { type: "boolean", default: false },
        hold: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new Problem(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, 2, { cause: error });
  }
}

/**
 * @param {string} option
 * @param {string} value
 * @param {readonly string[]} allowed
 */
function oneOf(option, value, allowed) {
  if (!allowed.includes(value)) throw new Problem(`${option} ${value}: write ${allowed.join(" or ")}.`, 2);
  return value;
}

/**
 * @param {string} option
 * @param {string} value
 */
function numberOf(option, value) {
  if (!/^[1-9]\d{0,2}$/.test(value)) throw new Problem(`${option} ${value}: write a number from 1 to 999.`, 2);
  return Number(value);
}

/** @param {string | undefined} text */
function focusOf(text) {
  try {
    if (text !== undefined) new RegExp(text);
    return text;
  } catch (error) {
    throw new Problem(`--focus ${text}: not a regular expression.`, 2, { cause: error });
  }
}
