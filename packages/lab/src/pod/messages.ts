/** What the lab asks of the program that runs in each namespace, and what it answers: JSON over the IPC channel. */

export type PodProtocol = "TCP" | "UDP";

export interface Listener {
  readonly protocol: PodProtocol;
  readonly address: string;
  readonly port: number;
}

/** One connection to try. */
export interface ProbeOrder {
  readonly protocol: PodProtocol;
  readonly address: string;
  readonly port: number;
  /** The address to connect from, where the namespace has several of a family. */
  readonly from?: string;
  /** The name that the program at the other end must answer with. */
  readonly expect: string;
  readonly timeoutMs: number;
}

/**
 * What a probe found. `open`: the right program answered. `wrong-peer`: another one did. `silent`: the connection was
 * made, but nothing was said on it. The others are three ways not to get through.
 */
export type ProbeOutcome = "open" | "timeout" | "refused" | "unreachable" | "wrong-peer" | "silent";

export interface ProbeAnswer {
  readonly outcome: ProbeOutcome;
  readonly tookMs: number;
}

/** How often each outcome occurred. */
export type OutcomeCounts = Readonly<Record<ProbeOutcome, number>>;

/**
 * Who sends on a stream: `ping` is the client, and the server echoes; `push` is the server alone; `send` is the client
 * alone.
 */
export type StreamMode = "ping" | "push" | "send";

export interface StreamOrder extends Omit<ProbeOrder, "expect"> {
  readonly mode: StreamMode;
  readonly intervalMs: number;
}

export interface StreamState {
  /** False once the socket is closed. */
  readonly open: boolean;
  /** Why it closed, such as ECONNRESET. */
  readonly closedBy?: string;
  readonly sent: number;
  readonly received: number;
  /** Since the other end was last heard. */
  readonly quietMs: number;
}

/** What a server heard of one client, told apart by the word the client chose. */
export interface Heard {
  readonly messages: number;
  readonly quietMs: number;
}

/** Addresses by lower-case name without the final dot. */
export type Zone = Readonly<Record<string, readonly string[]>>;

/** Each request, with what it takes and what it gives. */
export interface PodRequests {
  /** Listen on exactly these from now on. Gives those that cannot be had, with the reason. */
  readonly listen: {
    readonly order: { readonly name: string; readonly listeners: readonly Listener[] };
    readonly answer: readonly { readonly listener: Listener; readonly because: string }[];
  };
  /** Answer DNS questions on port 53's listeners. */
  readonly zone: { readonly order: { readonly zone: Zone }; readonly answer: null };
  readonly probe: {
    readonly order: { readonly probes: readonly ProbeOrder[]; readonly concurrency: number };
    readonly answer: readonly ProbeAnswer[];
  };
  /** Connect over and over until told to stop. */
  readonly startLoop: {
    readonly order: { readonly probe: ProbeOrder; readonly concurrency: number };
    readonly answer: { readonly loop: number };
  };
  /** Counts so far. */
  readonly loopCounts: { readonly order: { readonly loop: number }; readonly answer: OutcomeCounts };
  /** Lets what is under way end, and counts it too. */
  readonly stopLoop: { readonly order: { readonly loop: number }; readonly answer: OutcomeCounts };
  /** `stream` is undefined when it could not be opened. */
  readonly openStream: {
    readonly order: StreamOrder;
    readonly answer: { readonly stream?: number; readonly word: string; readonly outcome: ProbeOutcome };
  };
  readonly streamState: { readonly order: { readonly stream: number }; readonly answer: StreamState };
  readonly closeStream: { readonly order: { readonly stream: number }; readonly answer: null };
  readonly heard: { readonly order: { readonly word: string }; readonly answer: Heard };
}

export type PodRequestKind = keyof PodRequests;

export interface PodRequest<K extends PodRequestKind = PodRequestKind> {
  readonly id: number;
  readonly kind: K;
  readonly order: PodRequests[K]["order"];
}

export type PodReply =
  | { readonly kind: "ready" }
  /** How many more probes of a request are done. */
  | { readonly kind: "progress"; readonly id: number; readonly done: number }
  | { readonly kind: "answer"; readonly id: number; readonly answer: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly message: string };
