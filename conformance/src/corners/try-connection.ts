import { connect } from "node:net";
import type { Cluster } from "../cluster/cluster.ts";
import { run } from "../cluster/processes.ts";
import type { Connection } from "./connection.ts";

/** Seconds that an answer may take. */
const patience = 2;

/** What became of one attempt: `open`, or what was said instead. */
export async function tryConnection(
  { from, address, port }: Connection,
  { cluster, namespace, agnhost }: { readonly cluster: Cluster; readonly namespace: string; readonly agnhost: string },
): Promise<string> {
  if (from.kind === "outside") return connectFrom(from.address, address, port);
  const host = address.includes(":") ? `[${address}]` : address;
  const attempt = ["connect", `--timeout=${patience}s`, `${host}:${port}`];
  if (from.kind === "pod") {
    const exec = ["--namespace", namespace, "exec", from.name, "--container=main", "--", "/agnhost", ...attempt];
    return cluster.kubectl(exec).then(
      () => "open",
      (error: unknown) => saidBy(error instanceof Error ? error.message : String(error)),
    );
  }
  const { code, stdout, stderr } = await run([agnhost, ...attempt], { netns: from.name });
  return code === 0 ? "open" : saidBy(`${stdout}${stderr}`);
}

/** agnhost says TIMEOUT or REFUSED where a connection is denied; anything else is no answer to the question. */
function saidBy(text: string): string {
  return /\b(TIMEOUT|REFUSED)\b/.test(text) ? "denied" : `not tried: ${text.trim().slice(-300)}`;
}

function connectFrom(localAddress: string, host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, localAddress, timeout: patience * 1000 });
    const end = (outcome: string): void => {
      socket.destroy();
      resolve(outcome);
    };
    socket.once("connect", () => end("open"));
    socket.once("timeout", () => end("denied"));
    socket.once("error", (error: NodeJS.ErrnoException) =>
      end(error.code === "ECONNREFUSED" || error.code === "ETIMEDOUT" ? "denied" : `not tried: ${error.message}`),
    );
  });
}
