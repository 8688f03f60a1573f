/** The part of dns-packet that the lab uses; the package has no types of its own. */
declare module "dns-packet" {
  export interface Question {
    readonly type: string;
    readonly name: string;
    readonly class?: string;
  }
  export interface Answer {
    readonly type: "A" | "AAAA";
    readonly name: string;
    readonly ttl: number;
    readonly data: string;
  }
  export interface Packet {
    readonly type: "query" | "response";
    readonly id?: number;
    readonly flags?: number;
    readonly questions?: readonly Question[];
    readonly answers?: readonly Answer[];
  }
  /** Throws on a message that is not DNS. */
  export function decode(message: Uint8Array): Packet;
  export function encode(packet: Packet): Buffer;
}
