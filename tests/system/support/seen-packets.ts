import { type Address, formatAddress } from "../../../packages/engine/src/index.ts";
import type { Lab, Place } from "../../../packages/lab/src/index.ts";

/** Counts, in a pod's own namespace, the packets that reach it from each address. */
export class SeenPackets {
  readonly #lab: Lab;
  readonly #netns: string;

  private constructor(lab: Lab, netns: string) {
    this.#lab = lab;
    this.#netns = netns;
  }

  static async at(lab: Lab, place: Place): Promise<SeenPackets> {
    const seen = new SeenPackets(lab, lab.inside(place).netns);
    const rules = [4, 6].flatMap((family) => {
      const ip = family === 4 ? "ip" : "ip6";
      // Neighbour discovery is the node's, not a pod's.
      const what = family === 4 ? "" : "meta l4proto { tcp, udp } ";
      return [
        `add set inet seen from${family} { typeof ${ip} saddr; size 1024; flags dynamic; counter; }`,
        `add rule inet seen input ${what}update @from${family} { ${ip} saddr }`,
      ];
    });
    await seen.#nft([
      "add table inet seen",
      "add chain inet seen input { type filter hook input priority 0; }",
      ...rules,
    ]);
    return seen;
  }

  async forget(): Promise<void> {
    await this.#nft(["flush set inet seen from4", "flush set inet seen from6"]);
  }

  async from(addresses: readonly Address[]): Promise<number> {
    const text = await this.#lab.world.run(["nft", "list", "table", "inet", "seen"], { netns: this.#netns });
    const counts = new Map(
      [...text.matchAll(/([0-9a-f.:]+) counter packets (\d+)/g)].map(([, address, count]) => [address, Number(count)]),
    );
    return addresses.reduce((sum, address) => sum + (counts.get(formatAddress(address)) ?? 0), 0);
  }

  async #nft(commands: readonly string[]): Promise<void> {
    await this.#lab.world.run(["nft", "-f", "-"], { netns: this.#netns, input: `${commands.join("\n")}\n` });
  }
}
