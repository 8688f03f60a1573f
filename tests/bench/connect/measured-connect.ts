// A program of its own, in network namespaces of its own: what a new connection takes by way of each variant of a node, in
// rounds by turns. `measured-connect ROUNDS CONNECTIONS`; prints JSON.
import { execFileSync } from "node:child_process";
import { NftDataplane, clearMarksWith, nftProcess } from "@podwall/dataplane";
import { planNode } from "@podwall/engine";
import { Random } from "../generate/random.ts";
import { percentile } from "../measure/percentile.ts";
import type { MeasuredConnect } from "./connect-results.ts";
import { type Room, openRoom } from "./room.ts";
import { type Variant, type ends, node, variants } from "./variants.ts";

const [rounds = "11", connections = "1000"] = process.argv.slice(2);
execFileSync("mount", ["-t", "tmpfs", "tmpfs", "/run"]);
const prepared: {
  readonly variant: Variant;
  readonly room: Room;
  readonly medians: number[];
  readonly p99: number[];
}[] = [];
for (const [index, variant] of variants().entries()) {
  const room = await openRoom(index);
  await prepare(variant, room);
  await room.connect(200);
  prepared.push({ variant, room, medians: [], p99: [] });
}
const random = new Random("turns");
for (let round = 0; round < Number(rounds); round++) {
  const turns = prepared.map((one) => ({ one, place: random.next() })).sort((a, b) => a.place - b.place);
  for (const { one } of turns) {
    const times = await one.room.connect(Number(connections));
    one.medians.push(percentile(times, 0.5));
    one.p99.push(percentile(times, 0.99));
  }
}
const result: MeasuredConnect = {
  variants: prepared.map(({ variant, medians, p99 }) => ({ name: variant.name, roundsNs: medians, p99Ns: p99 })),
  connectionsEach: Number(connections),
};
process.stdout.write(JSON.stringify(result));
process.exit(0);

async function prepare({ cluster, linearRules }: Variant, { onNode, interfaces }: Room): Promise<void> {
  if (linearRules !== undefined) linearChain(onNode, linearRules);
  if (cluster === undefined) return;
  const nft = nftProcess({ command: [...onNode, "nft"] });
  const dataplane = new NftDataplane({ nft, clearMarks: clearMarksWith([...onNode, "conntrack"]) });
  const interfaceOf = ({ name }: { readonly name: string }): string | undefined =>
    interfaces[name as keyof typeof ends];
  await dataplane.apply(planNode(cluster, node, { interfaceOf, podInterfacePrefix: "veth" }));
  await dataplane.settled();
  await nft.close();
}

/** As rules were before there were sets: new connections pass all of them. */
function linearChain(onNode: readonly string[], rules: number): void {
  const [program, ...args] = onNode as [string, ...string[]];
  const lines = [
    "add table inet linear",
    "add chain inet linear forward { type filter hook forward priority filter; policy accept; }",
    "add rule inet linear forward ct state established,related accept",
    ...Array.from(
      { length: rules },
      (_, index) => `add rule inet linear forward ip saddr 192.0.${2 + (index >> 8)}.${index & 255} drop`,
    ),
  ];
  execFileSync(program, [...args, "nft", "-f", "-"], { input: lines.join("\n") });
}
