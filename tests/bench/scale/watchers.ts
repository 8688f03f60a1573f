import { KubeClient, kubeconfigAccess, pathOf, resources } from "../../../packages/kube/src/index.ts";

// A process of its own: `KUBECONFIG=… WATCHERS=N`. Watches what an agent watches N times over, from now on, and only counts what
// comes, as so many agents that are in sync would look to the API server. Prints a line when all watches are open; ends with its
// standard input, and prints how many events came.

const access = await kubeconfigAccess({ env: process.env });
const count = Number(process.env["WATCHERS"]);
if (access === undefined || !(count > 0)) throw new Error("needs KUBECONFIG and WATCHERS");

const watched = [resources.pods, resources.namespaces, resources.nodes, resources.networkPolicies].map((resource) =>
  pathOf(resource),
);
const lineEnd = 10;
let events = 0;
let isOver = false;

const lister = new KubeClient({ access });
const versions = await Promise.all(watched.map((path) => versionOf(path)));
// A client each, so connections each, as from as many nodes.
const clients = Array.from({ length: count }, () => new KubeClient({ access }));
for (const client of clients)
  await Promise.all(watched.map((path, index) => open(client, path, versions[index] ?? "")));
process.stdout.write("open\n");
process.stdin.resume().on("end", () => {
  isOver = true;
  process.stdout.write(`${events}\n`);
  for (const client of [lister, ...clients]) client.close();
});

/** The version of a kind's objects now. */
async function versionOf(path: string): Promise<string> {
  const list = (await lister.call({ path, query: { limit: 1 } })) as { metadata: { resourceVersion: string } };
  return list.metadata.resourceVersion;
}

/** Counts events, each a line; the API server sends no others where no bookmarks are asked for. */
async function open(client: KubeClient, path: string, resourceVersion: string): Promise<void> {
  const body = await client.open({ path, query: { watch: true, resourceVersion, timeoutSeconds: 3_600 } });
  const ended = (error?: Error): void => {
    if (isOver) return;
    process.stderr.write(`a watch ended by itself: ${error?.message ?? "without an error"}\n`);
    process.exit(1);
  };
  body.on("data", (chunk: Buffer) => {
    for (let at = chunk.indexOf(lineEnd); at >= 0; at = chunk.indexOf(lineEnd, at + 1)) events++;
  });
  body.on("error", ended).on("end", () => ended());
}
