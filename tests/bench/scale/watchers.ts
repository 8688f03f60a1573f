import { setMaxListeners } from "node:events";
import { KubeClient, kubeconfigAccess, resources, watchResource } from "../../../packages/kube/src/index.ts";

// A process of its own: `KUBECONFIG=… WATCHERS=N`. Watches what an agent watches N times over and keeps nothing, as so many
// agents would look to the API server. Prints a line when all are in sync; ends with its standard input.

const access = await kubeconfigAccess({ env: process.env });
const count = Number(process.env["WATCHERS"]);
if (access === undefined || !(count > 0)) throw new Error("needs KUBECONFIG and WATCHERS");

const watched = [resources.pods, resources.namespaces, resources.nodes, resources.networkPolicies];
const stop = new AbortController();
// Each watch listens to it.
setMaxListeners(0, stop.signal);
process.stdin.resume().on("end", () => stop.abort());
let synced = 0;
let events = 0;
await Promise.all(
  Array.from({ length: count }, async () => {
    // A client each, so a connection each, as from as many nodes.
    const client = new KubeClient({ access });
    await Promise.all(
      watched.map((resource) =>
        watchResource({
          client,
          resource,
          decode: () => undefined,
          onEvent: ({ kind }) => {
            if (kind === "synced" && ++synced === count * watched.length) process.stdout.write("synced\n");
            if (kind === "changed" || kind === "removed") events++;
          },
          signal: stop.signal,
        }),
      ),
    );
    client.close();
  }),
);
process.stdout.write(`${events}\n`);
