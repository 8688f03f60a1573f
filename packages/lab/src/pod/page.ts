import type { Listener } from "./messages.ts";

/** What a pod says to a browser, curl or wget. */
export function page(name: string, { address, port }: Listener, client: string | undefined): string {
  return `podwall lab: this is ${name}\nyou reached ${address} port ${port}${client === undefined ? "" : ` from ${client}`}\n`;
}
