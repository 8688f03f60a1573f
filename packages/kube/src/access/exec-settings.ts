import { dirname, resolve } from "node:path";
import type { Fields } from "./fields.ts";

/** A user's `exec`: the program that fetches a token or certificate. */
export interface ExecSettings {
  /** The kubeconfig, for messages. */
  readonly file: string;
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly interactive: "never" | "if-available" | "always";
  /** Whether the program is told of the cluster. */
  readonly tellCluster: boolean;
  readonly installHint: string | undefined;
}

const versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
const modes = { Never: "never", IfAvailable: "if-available", Always: "always" } as const;

export function readExec(fields: Fields): ExecSettings {
  const apiVersion = fields.text("apiVersion") ?? fields.refuse("apiVersion", `is missing; use ${versions[0]}`);
  if (!versions.includes(apiVersion)) fields.refuse("apiVersion", `${apiVersion} is not supported; use ${versions[0]}`);
  const command = fields.text("command") ?? fields.refuse("command", "is missing");
  // v1 requires the field; before it there was none, and plugins could ask.
  const mode = fields.text("interactiveMode") ?? (apiVersion === versions[0] ? "" : "IfAvailable");
  if (!isMode(mode)) fields.refuse("interactiveMode", `must be ${Object.keys(modes).join(", ")}`);
  const env = fields.list("env").map((item) => [item.text("name") ?? "", item.text("value") ?? ""] as const);
  return {
    file: fields.file,
    apiVersion,
    // A path, not a name to look up in PATH, is from the kubeconfig's folder.
    command: command.includes("/") ? resolve(dirname(fields.file), command) : command,
    args: fields.texts("args"),
    env: Object.fromEntries(env.filter(([name]) => name !== "")),
    interactive: modes[mode],
    tellCluster: fields.flag("provideClusterInfo"),
    installHint: fields.text("installHint"),
  };
}

function isMode(mode: string): mode is keyof typeof modes {
  return Object.hasOwn(modes, mode);
}
