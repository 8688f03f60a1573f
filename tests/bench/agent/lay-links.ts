import { execFileSync } from "node:child_process";

/** Lays a link for each pod and a route to it, as network plugins do, in this network namespace. Nobody is at the other ends. */
export function layLinks(addresses: readonly string[]): void {
  const commands = addresses.flatMap((address, index) => [
    `link add veth${index} type veth peer name peer${index}`,
    `link set peer${index} up`,
    `link set veth${index} up`,
    `route add ${address} dev veth${index}`,
  ]);
  execFileSync("ip", ["-batch", "-"], { input: commands.join("\n") });
}
